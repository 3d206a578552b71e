// Waits for the falling edge of a start bit, then samples every bit in its middle.
// `valid` is high for one clock with a good byte, `error` with one whose stop bit is missing.
module uart_rx #(
    parameter CLOCKS_PER_BIT = 104
) (
    input  wire       clk,
    input  wire       reset,
    input  wire       rx,
    output reg  [7:0] data,
    output reg        valid,
    output reg        error
);

    localparam TIMER = $clog2(CLOCKS_PER_BIT);
    localparam [TIMER-1:0] ONE_BIT  = CLOCKS_PER_BIT - 1;
    localparam [TIMER-1:0] HALF_BIT = CLOCKS_PER_BIT / 2 - 1;

    localparam [3:0] START = 4'd9;  // then 8 down to 1: data bits
    localparam [3:0] STOP  = 4'd0;

    reg [1:0]       sync;           // the line belongs to another clock: two flip-flops before it is used
    reg             busy;
    reg [3:0]       bits_left;
    reg [TIMER-1:0] timer;

    wire line = sync[1];

    always @(posedge clk)
        sync <= {sync[0], rx};

    always @(posedge clk) begin
        valid <= 1'b0;
        error <= 1'b0;
        if (reset) begin
            busy <= 1'b0;
        end else if (!busy) begin
            if (!line) begin
                busy      <= 1'b1;
                bits_left <= START;
                timer     <= HALF_BIT;
            end
        end else if (timer != 0) begin
            timer <= timer - 1'b1;
        end else begin
            timer     <= ONE_BIT;
            bits_left <= bits_left - 4'd1;
            case (bits_left)
                START: begin
                    if (line)
                        busy <= 1'b0;           // a glitch, not a start bit
                end
                STOP: begin
                    busy  <= 1'b0;
                    valid <= line;
                    error <= ~line;
                end
                default:
                    data <= {line, data[7:1]};
            endcase
        end
    end

endmodule
