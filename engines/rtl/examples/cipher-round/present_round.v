// One round: add the key, substitute sixteen nibbles, permute 64 bits. The permutation costs no gate.
module present_round (
    input  wire [63:0] state,
    input  wire [63:0] round_key,
    output wire [63:0] next_state
);

    wire [63:0] keyed = state ^ round_key;
    wire [63:0] substituted;

    genvar i;
    generate
        for (i = 0; i < 16; i = i + 1) begin : nibble
            present_sbox sbox (.in(keyed[4*i +: 4]), .out(substituted[4*i +: 4]));
        end

        for (i = 0; i < 63; i = i + 1) begin : permute
            assign next_state[(16 * i) % 63] = substituted[i];
        end
    endgenerate

    assign next_state[63] = substituted[63];

endmodule
