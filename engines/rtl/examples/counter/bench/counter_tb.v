`timescale 1ns/1ns
module counter_tb;
    reg clk = 0, reset = 1, enable = 0;
    wire [7:0] count;
    wire last;
    wire [3:0] decade;
    wire decade_last;
    reg [7:0] expected;
    reg [3:0] expected_decade;
    integer i, errors, seed;

    counter dut (.clk(clk), .reset(reset), .enable(enable), .count(count), .last(last));
    counter #(.WIDTH(4), .LIMIT(4'd9)) dut10 (
        .clk(clk), .reset(reset), .enable(enable), .count(decade), .last(decade_last));

    always #5 clk = ~clk;

    initial begin
        errors = 0;
        seed = 7;
        @(negedge clk);
        @(negedge clk);
        expected = 0;
        expected_decade = 0;
        for (i = 0; i < 2000; i = i + 1) begin
            reset = ($random(seed) & 511) == 0;
            enable = ($random(seed) & 3) != 0;
            if (reset) begin
                expected = 0;
                expected_decade = 0;
            end else if (enable) begin
                expected = expected + 1;
                expected_decade = (expected_decade == 9) ? 0 : expected_decade + 1;
            end
            @(negedge clk);
            if (count !== expected || last !== (expected == 255)) errors = errors + 1;
            if (decade !== expected_decade || decade_last !== (expected_decade == 9)) errors = errors + 1;
        end
        if (errors == 0) $display("PASS");
        else $display("FAIL %0d errors", errors);
        $finish;
    end
endmodule
