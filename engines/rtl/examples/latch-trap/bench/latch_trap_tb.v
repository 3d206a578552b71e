`timescale 1ns/1ns
module latch_trap_tb;
    reg [3:0] request;
    wire [1:0] trapped, mended;
    wire granted;
    reg [1:0] lowest, held;
    integer i, errors, seed;

    latch_trap dut (.request(request), .trapped(trapped), .mended(mended), .granted(granted));

    initial begin
        errors = 0;
        seed = 2;
        request = 4'b0100;
        #1;
        for (i = 0; i < 1000; i = i + 1) begin
            held = trapped;
            request = $random(seed);
            #1;
            lowest = request[0] ? 0 : request[1] ? 1 : request[2] ? 2 : 3;
            if (request != 0) begin
                if (trapped !== lowest || mended !== lowest || granted !== 1'b1) errors = errors + 1;
            end else begin
                // The latch shows itself: the old value stays.
                if (trapped !== held || mended !== 2'd0 || granted !== 1'b0) errors = errors + 1;
            end
        end
        if (errors == 0) $display("PASS");
        else $display("FAIL %0d errors", errors);
        $finish;
    end
endmodule
