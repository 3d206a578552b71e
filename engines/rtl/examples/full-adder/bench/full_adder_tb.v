`timescale 1ns/1ns
module full_adder_tb;
    reg a, b, cin;
    wire sum, cout;
    integer i, errors;

    full_adder dut (.a(a), .b(b), .cin(cin), .sum(sum), .cout(cout));

    initial begin
        errors = 0;
        for (i = 0; i < 8; i = i + 1) begin
            {a, b, cin} = i[2:0];
            #1;
            if ({cout, sum} !== {1'b0, a} + {1'b0, b} + {1'b0, cin}) begin
                errors = errors + 1;
                $display("FAIL %b+%b+%b gave %b%b", a, b, cin, cout, sum);
            end
        end
        if (errors == 0) $display("PASS");
        $finish;
    end
endmodule
