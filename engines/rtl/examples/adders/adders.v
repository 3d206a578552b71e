// Both adders side by side on the same operands, to compare their cells and depth.
module adders (
    input  wire [15:0] a,
    input  wire [15:0] b,
    input  wire        cin,
    output wire [16:0] sum_ripple,
    output wire [16:0] sum_lookahead
);

    ripple_adder #(.WIDTH(16)) ripple (
        .a    (a),
        .b    (b),
        .cin  (cin),
        .sum  (sum_ripple[15:0]),
        .cout (sum_ripple[16])
    );

    lookahead_adder lookahead (
        .a    (a),
        .b    (b),
        .cin  (cin),
        .sum  (sum_lookahead[15:0]),
        .cout (sum_lookahead[16])
    );

endmodule
