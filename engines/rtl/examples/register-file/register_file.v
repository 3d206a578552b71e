// Eight registers, two read ports, one write port. Register 0 always reads as zero.
// A read of the register that is being written sees the new value (bypass).
module register_file #(
    parameter WIDTH = 16,
    parameter ADDRESS = 3
) (
    input  wire               clk,
    input  wire               write,
    input  wire [ADDRESS-1:0] write_address,
    input  wire [WIDTH-1:0]   write_data,
    input  wire [ADDRESS-1:0] read_address_a,
    output wire [WIDTH-1:0]   read_data_a,
    input  wire [ADDRESS-1:0] read_address_b,
    output wire [WIDTH-1:0]   read_data_b
);

    reg [WIDTH-1:0] registers [0:(1<<ADDRESS)-1];

    always @(posedge clk) begin
        if (write)
            registers[write_address] <= write_data;
    end

    wire bypass_a = write && (write_address == read_address_a);
    wire bypass_b = write && (write_address == read_address_b);

    assign read_data_a = (read_address_a == 0) ? {WIDTH{1'b0}}
                       : bypass_a              ? write_data
                       :                         registers[read_address_a];
    assign read_data_b = (read_address_b == 0) ? {WIDTH{1'b0}}
                       : bypass_b              ? write_data
                       :                         registers[read_address_b];

endmodule
