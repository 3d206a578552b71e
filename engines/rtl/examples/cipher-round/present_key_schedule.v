// The key of the next round: rotate left by 61, substitute the top nibble, add the round number.
module present_key_schedule (
    input  wire [79:0] key,
    input  wire [4:0]  round,
    output wire [79:0] next_key
);

    wire [79:0] rotated = {key[18:0], key[79:19]};
    wire [3:0]  top;

    present_sbox sbox (.in(rotated[79:76]), .out(top));

    assign next_key = {top, rotated[75:20], rotated[19:15] ^ round, rotated[14:0]};

endmodule
