`timescale 1ns/1ns
module traffic_light_tb;
    reg clk = 0, reset = 1, tick = 0, car = 0, button = 0;
    wire [2:0] main_light, side_light;
    wire walk;
    integer errors = 0, i, seed = 5, crossings = 0, side_greens = 0, pressed_at = -1, waited;
    integer run_main, run_yellow, run_walk, run_side, longest_wait = 0;

    traffic_light dut (.clk(clk), .reset(reset), .tick(tick), .car(car), .button(button),
                       .main_light(main_light), .side_light(side_light), .walk(walk));

    always #5 clk = ~clk;

    task step;
        begin
            @(negedge clk);
            // Exactly one lamp in each direction; never two directions at once.
            if (main_light != 3'b100 && main_light != 3'b010 && main_light != 3'b001) errors = errors + 1;
            if (side_light != 3'b100 && side_light != 3'b010 && side_light != 3'b001) errors = errors + 1;
            if (main_light != 3'b100 && side_light != 3'b100) errors = errors + 1;
            if (walk && (main_light != 3'b100 || side_light != 3'b100)) errors = errors + 1;
        end
    endtask

    task count_while_main(input [2:0] lamp, output integer n);
        begin
            n = 0;
            while (main_light == lamp && n < 100) begin n = n + 1; step; end
        end
    endtask

    initial begin
        step; step;
        reset = 0;
        // Without a request the main road stays green.
        tick = 1;
        repeat (50) begin
            step;
            if (main_light != 3'b001) errors = errors + 1;
        end
        // A pedestrian: yellow for 3, walk for 8, back to the main road, which is then green for at least 12.
        button = 1; step; button = 0;
        while (main_light == 3'b001) step;
        count_while_main(3'b010, run_yellow);
        run_walk = 0;
        while (walk) begin run_walk = run_walk + 1; step; end
        if (run_yellow != 3 || run_walk != 8 || main_light != 3'b001) begin
            errors = errors + 1;
            $display("FAIL yellow %0d walk %0d", run_yellow, run_walk);
        end
        car = 1;
        count_while_main(3'b001, run_main);
        count_while_main(3'b010, run_yellow);
        run_side = 0;
        while (side_light == 3'b001) begin run_side = run_side + 1; step; end
        run_walk = 0;
        while (side_light == 3'b010) begin run_walk = run_walk + 1; step; end
        if (run_main != 12 || run_yellow != 3 || run_side != 12 || run_walk != 3) begin
            errors = errors + 1;
            $display("FAIL main %0d yellow %0d side %0d side yellow %0d", run_main, run_yellow, run_side, run_walk);
        end
        // Anything at random: always safe, and nobody waits for ever.
        waited = 0;
        for (i = 0; i < 20000; i = i + 1) begin
            tick = $random(seed);
            car = ($random(seed) & 15) == 0 ? ~car : car;
            button = ($random(seed) & 63) == 0;
            if (button && !walk && waited == 0) waited = 1;
            else if (waited > 0) waited = waited + 1;
            step;
            if (walk) begin crossings = crossings + 1; waited = 0; end
            if (side_light == 3'b001) side_greens = side_greens + 1;
            if (waited > longest_wait) longest_wait = waited;
        end
        if (crossings == 0 || side_greens == 0 || longest_wait > 200) errors = errors + 1;
        if (errors == 0) $display("PASS");
        else $display("FAIL %0d errors, longest wait %0d", errors, longest_wait);
        $finish;
    end
endmodule
