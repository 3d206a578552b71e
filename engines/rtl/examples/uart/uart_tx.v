// Sends a byte when `valid` meets `ready`: a start bit (0), eight data bits, lowest first, a stop bit (1).
module uart_tx #(
    parameter CLOCKS_PER_BIT = 104
) (
    input  wire       clk,
    input  wire       reset,
    input  wire [7:0] data,
    input  wire       valid,
    output wire       ready,
    output wire       tx
);

    localparam TIMER = $clog2(CLOCKS_PER_BIT);
    localparam [TIMER-1:0] ONE_BIT = CLOCKS_PER_BIT - 1;

    reg [8:0]       shifter;      // ones follow the data: the stop bit, and the idle line
    reg [3:0]       bits_left;
    reg [TIMER-1:0] timer;

    assign ready = (bits_left == 4'd0);
    assign tx    = shifter[0];

    always @(posedge clk) begin
        if (reset) begin
            shifter   <= 9'h1ff;
            bits_left <= 4'd0;
        end else if (ready) begin
            if (valid) begin
                shifter   <= {data, 1'b0};
                bits_left <= 4'd10;
                timer     <= ONE_BIT;
            end
        end else if (timer != 0) begin
            timer <= timer - 1'b1;
        end else begin
            shifter   <= {1'b1, shifter[8:1]};
            bits_left <= bits_left - 4'd1;
            timer     <= ONE_BIT;
        end
    end

endmodule
