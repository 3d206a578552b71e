`timescale 1ns/1ns
// 200,000 samples of a generator through the 16 taps.
module fir_run;
    reg clk = 0, reset = 1;
    reg signed [7:0] in = 0;
    wire out_valid;
    wire signed [17:0] out;
    reg [31:0] state = 1, sum = 0;
    integer n;
    fir dut(.clk(clk), .reset(reset), .in_valid(1'b1), .in(in), .out_valid(out_valid), .out(out));
    always #5 clk = ~clk;
    initial begin
        repeat (4) @(negedge clk);
        reset = 0;
        for (n = 0; n < 200000; n = n + 1) begin
            state = state * 1664525 + 1013904223;
            in = state[31:24];
            @(negedge clk);
            if (out_valid) sum = {sum[30:0], sum[31]} ^ {{14{out[17]}}, out};
        end
        $display("sum %h", sum);
        $finish;
    end
endmodule
