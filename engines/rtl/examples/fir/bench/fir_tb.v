`timescale 1ns/1ns
// Against the convolution sum, written out with all sixteen taps.
module fir_tb;
    reg clk = 0, reset = 1, in_valid = 0;
    reg signed [7:0] in = 0;
    wire out_valid;
    wire signed [17:0] out;
    reg signed [7:0] x [0:4095];
    integer h [0:15];
    integer fed = 0, checked = 0, expected, i, k, errors = 0, seed = 41, largest = 0, impulse = 0;

    fir dut (.clk(clk), .reset(reset), .in_valid(in_valid), .in(in), .out_valid(out_valid), .out(out));

    always #5 clk = ~clk;

    task clock;
        begin
            @(negedge clk);
            if (out_valid) begin
                expected = 0;
                for (k = 0; k < 16; k = k + 1)
                    if (checked >= k) expected = expected + h[k] * x[checked - k];
                if (out !== expected) begin
                    errors = errors + 1;
                    $display("FAIL sample %0d: %0d, expected %0d", checked, out, expected);
                end
                if (out > largest) largest = out;
                if (checked < 16) impulse = impulse + out;
                checked = checked + 1;
            end
        end
    endtask

    task feed(input signed [7:0] value);
        begin
            in = value; in_valid = 1; x[fed] = value; fed = fed + 1;
            clock;
            in_valid = 0; in = 8'hxx;
        end
    endtask

    initial begin
        h[0] = -2; h[1] = -2; h[2] = -2; h[3] = 5; h[4] = 23; h[5] = 51; h[6] = 82; h[7] = 101;
        for (i = 0; i < 8; i = i + 1) h[15 - i] = h[i];
        clock; clock;
        reset = 0;
        feed(1);
        repeat (15) feed(0);
        for (i = 0; i < 2000; i = i + 1) begin
            if ($random(seed) & 1) feed($random(seed)); else clock;
        end
        // The input that drives the output to its largest value: the signs of the taps.
        for (i = 0; i < 16; i = i + 1) feed(h[15 - i] > 0 ? 127 : -128);
        for (i = 0; i < 16; i = i + 1) feed(h[15 - i] > 0 ? -128 : 127);
        repeat (6) clock;
        if (checked != fed || largest != 127 * 524 + 128 * 12 || impulse != 512) errors = errors + 1;
        if (errors == 0) $display("PASS");
        else $display("FAIL %0d errors, %0d of %0d, largest %0d", errors, checked, fed, largest);
        $finish;
    end
endmodule
