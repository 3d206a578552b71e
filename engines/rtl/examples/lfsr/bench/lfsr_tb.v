`timescale 1ns/1ns
module lfsr_tb;
    reg clk = 0, load = 1, enable = 0;
    reg [15:0] seed = 0;
    wire [15:0] state;
    wire bit_out;
    reg seen [0:65535];
    reg [15:0] history, held;
    integer i, errors, ones;

    lfsr dut (.clk(clk), .load(load), .seed(seed), .enable(enable), .state(state), .bit_out(bit_out));

    always #5 clk = ~clk;

    initial begin
        errors = 0;
        ones = 0;
        for (i = 0; i < 65536; i = i + 1) seen[i] = 0;
        @(negedge clk);
        if (state !== 16'd1) errors = errors + 1;
        load = 0;
        enable = 1;
        // Every state but zero exactly once.
        for (i = 0; i < 65535; i = i + 1) begin
            if (seen[state] !== 1'b0 || state === 16'd0) errors = errors + 1;
            seen[state] = 1;
            ones = ones + bit_out;
            @(negedge clk);
        end
        if (state !== 16'd1) errors = errors + 1;
        if (ones != 32768) errors = errors + 1;
        // The bits obey the recurrence of the polynomial: s[n+16] = s[n] ^ s[n+2] ^ s[n+3] ^ s[n+5].
        for (i = 0; i < 16; i = i + 1) begin
            history[i] = bit_out;
            @(negedge clk);
        end
        for (i = 0; i < 1000; i = i + 1) begin
            if (bit_out !== (history[0] ^ history[2] ^ history[3] ^ history[5])) errors = errors + 1;
            history = {bit_out, history[15:1]};
            @(negedge clk);
        end
        enable = 0;
        held = state;
        @(negedge clk);
        if (state !== held) errors = errors + 1;
        load = 1;
        seed = 16'hcafe;
        @(negedge clk);
        if (state !== 16'hcafe) errors = errors + 1;
        if (errors == 0) $display("PASS");
        else $display("FAIL %0d errors", errors);
        $finish;
    end
endmodule
