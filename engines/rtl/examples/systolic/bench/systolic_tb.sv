`timescale 1ns/1ns
module systolic_tb;
    reg clk = 0, clear = 1;
    reg [3:0][7:0] a = 0, b = 0;
    reg [1:0] row = 0, column = 0;
    wire [19:0] result;
    reg signed [7:0] left [0:3][0:15], top [0:15][0:3];
    integer expected, got, i, j, k, depth, trial, errors = 0, seed = 31;

    systolic dut (.clk(clk), .clear(clear), .a(a), .b(b), .row(row), .column(column), .result(result));

    always #5 clk = ~clk;

    initial begin
        for (trial = 0; trial < 40; trial = trial + 1) begin
            depth = (trial < 2) ? 16 : 1 + trial % 16;
            for (k = 0; k < depth; k = k + 1)
                for (i = 0; i < 4; i = i + 1) begin
                    // The first trials are the extremes: -128 x -128 and 127 x -128, sixteen times.
                    left[i][k] = (trial == 0) ? -128 : (trial == 1) ? 127 : $random(seed);
                    top[k][i] = (trial < 2) ? -128 : $random(seed);
                end
            @(negedge clk); clear = 1; a = 0; b = 0;
            repeat (8) @(negedge clk);
            clear = 0;
            for (k = 0; k < depth; k = k + 1) begin
                for (i = 0; i < 4; i = i + 1) begin a[i] = left[i][k]; b[i] = top[k][i]; end
                @(negedge clk);
            end
            a = 0; b = 0;
            repeat (7) @(negedge clk);
            for (i = 0; i < 4; i = i + 1)
                for (j = 0; j < 4; j = j + 1) begin
                    row = i; column = j;
                    #1;
                    expected = 0;
                    for (k = 0; k < depth; k = k + 1) expected = expected + left[i][k] * top[k][j];
                    got = $signed(result);
                    if (got !== expected) begin
                        errors = errors + 1;
                        $display("FAIL trial %0d (%0d, %0d): %0d, expected %0d", trial, i, j, got, expected);
                    end
                end
        end
        if (errors == 0) $display("PASS");
        $finish;
    end
endmodule
