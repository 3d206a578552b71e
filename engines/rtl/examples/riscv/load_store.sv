// Puts bytes and half words into their lanes of the 32-bit data bus, and takes them out again.
module load_store (
    input  logic [1:0]  address,        // the two lowest bits
    input  logic [2:0]  funct3,         // size in the low two bits; bit 2: do not extend the sign
    input  logic [31:0] store_data,
    output logic [31:0] bus_write,
    output logic [3:0]  lanes,
    output logic        misaligned,
    input  logic [31:0] bus_read,
    output logic [31:0] load_data
);

    logic [31:0] lowered;

    assign lowered = bus_read >> {address, 3'b000};

    always_comb begin
        case (funct3[1:0])
            2'b00: begin
                lanes      = 4'b0001 << address;
                bus_write  = {4{store_data[7:0]}};
                misaligned = 1'b0;
                load_data  = {{24{lowered[7] & !funct3[2]}}, lowered[7:0]};
            end
            2'b01: begin
                lanes      = 4'b0011 << address;
                bus_write  = {2{store_data[15:0]}};
                misaligned = address[0];
                load_data  = {{16{lowered[15] & !funct3[2]}}, lowered[15:0]};
            end
            default: begin
                lanes      = 4'b1111;
                bus_write  = store_data;
                misaligned = (address != 2'b00);
                load_data  = bus_read;
            end
        endcase
    end

endmodule
