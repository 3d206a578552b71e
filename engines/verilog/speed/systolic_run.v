`timescale 1ns/1ns
// 100,000 clocks of data into an 8 x 8 array.
module systolic_run;
    reg clk = 0, clear = 1;
    reg [63:0] a = 0, b = 0, seed = 64'h123456789abcdef;
    reg [5:0] pick = 0;
    wire [23:0] result;
    reg [31:0] sum = 0;
    integer n;
    systolic8 dut(.clk(clk), .clear(clear), .a(a), .b(b), .pick(pick), .result(result));
    always #5 clk = ~clk;
    initial begin
        repeat (20) @(negedge clk);
        for (n = 0; n < 100000; n = n + 1) begin
            @(negedge clk);
            sum = {sum[30:0], sum[31]} ^ {8'd0, result};
            clear = (n & 63) == 0;
            seed = seed * 64'd6364136223846793005 + 64'd1442695040888963407;
            a = seed ^ {seed[31:0], seed[63:32]};
            b = {seed[40:0], seed[63:41]};
            pick = n;
        end
        $display("sum %h", sum);
        $finish;
    end
endmodule
