// Serial port, 8 data bits, no parity, 1 stop bit. 104 clocks a bit are 115200 baud at 12 MHz.
module uart #(
    parameter CLOCKS_PER_BIT = 104
) (
    input  wire       clk,
    input  wire       reset,

    input  wire [7:0] tx_data,
    input  wire       tx_valid,
    output wire       tx_ready,
    output wire       tx,

    input  wire       rx,
    output wire [7:0] rx_data,
    output wire       rx_valid,
    output wire       rx_error
);

    uart_tx #(.CLOCKS_PER_BIT(CLOCKS_PER_BIT)) transmitter (
        .clk   (clk),
        .reset (reset),
        .data  (tx_data),
        .valid (tx_valid),
        .ready (tx_ready),
        .tx    (tx)
    );

    uart_rx #(.CLOCKS_PER_BIT(CLOCKS_PER_BIT)) receiver (
        .clk   (clk),
        .reset (reset),
        .rx    (rx),
        .data  (rx_data),
        .valid (rx_valid),
        .error (rx_error)
    );

endmodule
