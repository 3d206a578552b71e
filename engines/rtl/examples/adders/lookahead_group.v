// Four bits whose carries are all computed from `cin` in two levels of logic.
// A bit generates a carry (g) or passes one on (p); so does the group as a whole.
module lookahead_group (
    input  wire [3:0] a,
    input  wire [3:0] b,
    input  wire       cin,
    output wire [3:0] sum,
    output wire       group_generate,
    output wire       group_propagate
);

    wire [3:0] g = a & b;
    wire [3:0] p = a ^ b;
    wire [3:0] carry;

    assign carry[0] = cin;
    assign carry[1] = g[0] | (p[0] & cin);
    assign carry[2] = g[1] | (p[1] & g[0]) | (p[1] & p[0] & cin);
    assign carry[3] = g[2] | (p[2] & g[1]) | (p[2] & p[1] & g[0]) | (p[2] & p[1] & p[0] & cin);

    assign sum = p ^ carry;

    assign group_generate  = g[3] | (p[3] & g[2]) | (p[3] & p[2] & g[1]) | (p[3] & p[2] & p[1] & g[0]);
    assign group_propagate = &p;

endmodule
