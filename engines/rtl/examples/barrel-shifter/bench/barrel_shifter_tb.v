`timescale 1ns/1ns
module barrel_shifter_tb;
    reg [31:0] in;
    reg [4:0] amount;
    reg left, arithmetic, rotate;
    wire [31:0] out;
    reg [31:0] expected;
    integer i, errors, seed;

    barrel_shifter dut (.in(in), .amount(amount), .left(left), .arithmetic(arithmetic), .rotate(rotate), .out(out));

    initial begin
        errors = 0;
        seed = 1;
        for (i = 0; i < 8192; i = i + 1) begin
            in = $random(seed);
            {amount, left, arithmetic, rotate} = i[7:0];
            #1;
            if (rotate) expected = left ? (in << amount) | (in >> (32 - amount)) : (in >> amount) | (in << (32 - amount));
            else if (left) expected = in << amount;
            else if (arithmetic) expected = $signed(in) >>> amount;
            else expected = in >> amount;
            if (out !== expected) begin
                errors = errors + 1;
                $display("FAIL %h by %0d: %h, expected %h", in, amount, out, expected);
            end
        end
        if (errors == 0) $display("PASS");
        $finish;
    end
endmodule
