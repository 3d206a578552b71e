// Shifts by any distance in one pass: stage i shifts by 2^i or not at all.
// Left shifts use the same stages on the word read backwards.
module barrel_shifter #(
    parameter STAGES = 5,
    parameter WIDTH  = 1 << STAGES
) (
    input  wire [WIDTH-1:0]  in,
    input  wire [STAGES-1:0] amount,
    input  wire              left,
    input  wire              arithmetic,   // right shifts copy the sign
    input  wire              rotate,       // bits that leave come in at the other end
    output wire [WIDTH-1:0]  out
);

    wire fill = arithmetic & ~left & in[WIDTH-1];

    wire [WIDTH-1:0] word [0:STAGES];

    genvar i, k;
    generate
        for (k = 0; k < WIDTH; k = k + 1) begin : reverse
            assign word[0][k] = left ? in[WIDTH-1-k] : in[k];
            assign out[k]     = left ? word[STAGES][WIDTH-1-k] : word[STAGES][k];
        end

        for (i = 0; i < STAGES; i = i + 1) begin : stage
            localparam DISTANCE = 1 << i;
            wire [DISTANCE-1:0] entering = rotate ? word[i][DISTANCE-1:0] : {DISTANCE{fill}};
            assign word[i+1] = amount[i] ? {entering, word[i][WIDTH-1:DISTANCE]} : word[i];
        end
    endgenerate

endmodule
