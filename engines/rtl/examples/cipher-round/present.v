// PRESENT with an 80-bit key: 31 rounds, one per clock, through a single piece of round logic.
// (Bogdanov et al., CHES 2007.) The ciphertext stands when `done` is high.
module present (
    input  wire        clk,
    input  wire        reset,
    input  wire        start,
    input  wire [63:0] plaintext,
    input  wire [79:0] key,
    output reg         done,
    output wire [63:0] ciphertext
);

    reg [63:0] state;
    reg [79:0] round_key;
    reg [4:0]  round;           // 1 to 31; 0 when idle

    wire [63:0] next_state;
    wire [79:0] next_key;

    present_round datapath (
        .state      (state),
        .round_key  (round_key[79:16]),
        .next_state (next_state)
    );

    present_key_schedule schedule (
        .key      (round_key),
        .round    (round),
        .next_key (next_key)
    );

    assign ciphertext = state ^ round_key[79:16];

    always @(posedge clk) begin
        if (reset) begin
            round <= 5'd0;
            done  <= 1'b0;
        end else if (start) begin
            state     <= plaintext;
            round_key <= key;
            round     <= 5'd1;
            done      <= 1'b0;
        end else if (round != 5'd0) begin
            state     <= next_state;
            round_key <= next_key;
            round     <= round + 5'd1;      // 31 + 1 wraps to idle
            done      <= (round == 5'd31);
        end
    end

endmodule
