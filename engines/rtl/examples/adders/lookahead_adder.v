// Sixteen bits in four groups; the carries between the groups are looked ahead as well.
module lookahead_adder (
    input  wire [15:0] a,
    input  wire [15:0] b,
    input  wire        cin,
    output wire [15:0] sum,
    output wire        cout
);

    wire [3:0] g;
    wire [3:0] p;
    wire [4:0] carry;

    assign carry[0] = cin;
    assign carry[1] = g[0] | (p[0] & cin);
    assign carry[2] = g[1] | (p[1] & g[0]) | (p[1] & p[0] & cin);
    assign carry[3] = g[2] | (p[2] & g[1]) | (p[2] & p[1] & g[0]) | (p[2] & p[1] & p[0] & cin);
    assign carry[4] = g[3] | (p[3] & g[2]) | (p[3] & p[2] & g[1]) | (p[3] & p[2] & p[1] & g[0])
                    | (p[3] & p[2] & p[1] & p[0] & cin);
    assign cout     = carry[4];

    genvar i;
    generate
        for (i = 0; i < 4; i = i + 1) begin : groups
            lookahead_group group (
                .a               (a[4*i +: 4]),
                .b               (b[4*i +: 4]),
                .cin             (carry[i]),
                .sum             (sum[4*i +: 4]),
                .group_generate  (g[i]),
                .group_propagate (p[i])
            );
        end
    endgenerate

endmodule
