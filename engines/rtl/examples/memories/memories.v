// Four ways to write "an array of words". Three become memories, one becomes a crowd of flip-flops.
module memories (
    input  wire       clk,
    input  wire       reset,
    input  wire       write,
    input  wire [3:0] address,
    input  wire [7:0] data,
    output wire [7:0] from_block,
    output wire [7:0] from_distributed,
    output wire [7:0] from_rom,
    output wire [7:0] from_cleared
);

    block_ram       block       (.clk(clk), .write(write), .address(address), .data(data), .q(from_block));
    distributed_ram distributed (.clk(clk), .write(write), .address(address), .data(data), .q(from_distributed));
    sine_rom        rom         (.clk(clk), .address(address), .q(from_rom));
    cleared_array   cleared     (.clk(clk), .reset(reset), .write(write), .address(address), .data(data),
                                 .q(from_cleared));

endmodule
