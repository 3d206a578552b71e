`timescale 1ns/1ns
module adders_tb;
    reg [15:0] a, b;
    reg cin;
    wire [16:0] sum_ripple, sum_lookahead;
    reg [16:0] expected;
    integer i, j, errors, seed;

    adders dut (.a(a), .b(b), .cin(cin), .sum_ripple(sum_ripple), .sum_lookahead(sum_lookahead));

    task check;
        begin
            #1;
            expected = {1'b0, a} + {1'b0, b} + cin;
            if (sum_ripple !== expected || sum_lookahead !== expected) begin
                errors = errors + 1;
                $display("FAIL %h+%h+%b: ripple %h lookahead %h", a, b, cin, sum_ripple, sum_lookahead);
            end
        end
    endtask

    initial begin
        errors = 0;
        seed = 3;
        for (i = 0; i < 5000; i = i + 1) begin
            a = $random(seed);
            b = $random(seed);
            cin = $random(seed);
            check;
        end
        // Long carries: every length of a run of propagating bits.
        for (i = 0; i < 16; i = i + 1)
            for (j = 0; j < 16; j = j + 1) begin
                a = 16'hffff << j;
                b = 16'h0001 << i;
                cin = i[0] ^ j[0];
                check;
                b = ~a;
                check;
            end
        if (errors == 0) $display("PASS");
        $finish;
    end
endmodule
