`timescale 1ns/1ns
module divider_tb;
    reg clk = 0, reset = 1, start = 0;
    reg [15:0] dividend, divisor;
    wire busy, done;
    wire [15:0] quotient, remainder;
    integer i, errors, seed, clocks;

    divider dut (.clk(clk), .reset(reset), .start(start), .dividend(dividend), .divisor(divisor),
                 .busy(busy), .done(done), .quotient(quotient), .remainder(remainder));

    always #5 clk = ~clk;

    task check(input [15:0] x, input [15:0] y);
        begin
            @(negedge clk);
            dividend = x; divisor = y; start = 1;
            @(negedge clk);
            start = 0; dividend = 16'hxxxx; divisor = 16'hxxxx;
            clocks = 0;
            while (!done && clocks < 100) begin clocks = clocks + 1; @(negedge clk); end
            if (clocks != 16 || busy !== 1'b0) errors = errors + 1;
            if (y == 0 ? (quotient !== 16'hffff || remainder !== x) : (quotient !== x / y || remainder !== x % y)) begin
                errors = errors + 1;
                $display("FAIL %0d / %0d = %0d rest %0d", x, y, quotient, remainder);
            end
        end
    endtask

    initial begin
        errors = 0;
        seed = 6;
        @(negedge clk);
        @(negedge clk);
        reset = 0;
        check(100, 7); check(65535, 1); check(65535, 65535); check(0, 5); check(5, 0); check(1, 65535);
        check(16'h8000, 16'hffff); check(16'hffff, 16'h8000);
        for (i = 0; i < 1000; i = i + 1) check($random(seed), $random(seed) >> (i % 16));
        if (errors == 0) $display("PASS");
        else $display("FAIL %0d errors", errors);
        $finish;
    end
endmodule
