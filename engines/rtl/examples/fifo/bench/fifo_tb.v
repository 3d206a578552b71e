`timescale 1ns/1ns
module fifo_tb;
    reg clk = 0, reset = 1, push = 0, pop = 0;
    reg [7:0] push_data = 0;
    wire [7:0] front;
    wire empty, full;
    wire [4:0] level;
    reg [7:0] model [0:16383];
    integer first, next, i, errors, seed, bias, was_full, was_empty;

    fifo dut (.clk(clk), .reset(reset), .push(push), .push_data(push_data), .pop(pop),
              .front(front), .empty(empty), .full(full), .level(level));

    always #5 clk = ~clk;

    initial begin
        errors = 0; first = 0; next = 0; seed = 4; was_full = 0; was_empty = 0;
        @(negedge clk);
        @(negedge clk);
        reset = 0;
        for (i = 0; i < 10000; i = i + 1) begin
            bias = (i / 100) % 3;          // fill, drain, hold
            push = ($random(seed) & 3) != 0 ? bias != 1 : bias == 1;
            pop  = ($random(seed) & 3) != 0 ? bias != 0 : bias == 0;
            push_data = $random(seed);
            #1;
            if (level !== next - first || empty !== (next == first) || full !== (next - first == 16)) errors = errors + 1;
            if (next != first && front !== model[first]) errors = errors + 1;
            if (full) was_full = was_full + 1;
            if (empty) was_empty = was_empty + 1;
            // The model decides from the state before the edge.
            if (push && pop && next - first > 0 && next - first < 16) begin
                model[next] = push_data; next = next + 1; first = first + 1;
            end else if (push && next - first < 16) begin
                model[next] = push_data; next = next + 1;
            end else if (pop && next - first > 0) begin
                first = first + 1;
            end
            @(negedge clk);
        end
        if (was_full == 0 || was_empty == 0) errors = errors + 1;
        if (errors == 0) $display("PASS");
        else $display("FAIL %0d errors", errors);
        $finish;
    end
endmodule
