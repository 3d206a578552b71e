`timescale 1ns/1ns
module alu_tb;
    reg [15:0] a, b;
    reg [2:0] op;
    wire [15:0] result;
    wire zero, negative, carry, overflow;
    reg [15:0] expected;
    reg [16:0] wide;
    reg signed [16:0] exact;
    integer i, errors, seed;

    alu dut (.a(a), .b(b), .op(op), .result(result), .zero(zero), .negative(negative),
             .carry(carry), .overflow(overflow));

    function [15:0] operand(input integer r);
        case (r & 7)
            0: operand = 16'h0000;
            1: operand = 16'hffff;
            2: operand = 16'h8000;
            3: operand = 16'h7fff;
            default: operand = r >> 8;
        endcase
    endfunction

    initial begin
        errors = 0;
        seed = 11;
        for (i = 0; i < 20000; i = i + 1) begin
            a = operand($random(seed));
            b = (i % 16 == 0) ? a : operand($random(seed));
            op = i;
            #1;
            case (op)
                0: expected = a + b;
                1: expected = a - b;
                2: expected = a & b;
                3: expected = a | b;
                4: expected = a ^ b;
                5: expected = ~(a | b);
                6: expected = ($signed(a) < $signed(b)) ? 1 : 0;
                7: expected = (a < b) ? 1 : 0;
            endcase
            if (result !== expected || zero !== (expected == 0) || negative !== expected[15]) begin
                errors = errors + 1;
                $display("FAIL op %0d a %h b %h: %h, expected %h", op, a, b, result, expected);
            end
            if (op < 2) begin
                // Carry of a subtraction is "no borrow".
                wide = a + b;
                exact = (op == 0) ? $signed(a) + $signed(b) : $signed(a) - $signed(b);
                if (carry !== (op == 0 ? wide[16] : a >= b)) errors = errors + 1;
                if (overflow !== (exact[16] != exact[15])) errors = errors + 1;
            end
        end
        if (errors == 0) $display("PASS");
        else $display("FAIL %0d errors", errors);
        $finish;
    end
endmodule
