// Finite impulse response filter of 16 taps. The taps are symmetric, so samples that share a
// coefficient are added first: eight multiplications instead of sixteen, and all by constants.
module fir #(
    parameter WIDTH = 8
) (
    input  wire                    clk,
    input  wire                    reset,
    input  wire                    in_valid,
    input  wire signed [WIDTH-1:0] in,
    output wire                    out_valid,
    output reg  signed [WIDTH+9:0] out          // 512 times the filtered sample
);

    `include "coefficients.vh"

    localparam TAPS = 16;
    localparam HALF = TAPS / 2;

    // Stage 1: the last 16 samples, the newest lowest.
    reg [TAPS*WIDTH-1:0] samples;

    always @(posedge clk) begin
        if (reset)
            samples <= {TAPS*WIDTH{1'b0}};
        else if (in_valid)
            samples <= {samples[(TAPS-1)*WIDTH-1:0], in};
    end

    // Stage 2: sums of two samples. Stage 3: the products, added up.
    wire signed [WIDTH+9:0] partial [0:HALF];

    assign partial[0] = {WIDTH+10{1'b0}};

    genvar k;
    generate
        for (k = 0; k < HALF; k = k + 1) begin : tap
            localparam signed [7:0] C = coefficient(k);

            wire signed [WIDTH-1:0] newer = samples[k*WIDTH +: WIDTH];
            wire signed [WIDTH-1:0] older = samples[(TAPS-1-k)*WIDTH +: WIDTH];
            reg  signed [WIDTH:0]   pair;

            always @(posedge clk)
                pair <= newer + older;

            assign partial[k+1] = partial[k] + C * pair;
        end
    endgenerate

    always @(posedge clk)
        out <= partial[HALF];

    // A result leaves three clocks after its sample.
    reg [2:0] valid;

    always @(posedge clk) begin
        if (reset)
            valid <= 3'b000;
        else
            valid <= {valid[1:0], in_valid};
    end

    assign out_valid = valid[2];

endmodule
