// Choices that hold for the whole core. Define RV32E for the embedded variant with 16 registers.
`ifndef RISCV_CONFIG
`define RISCV_CONFIG

`ifndef RESET_ADDRESS
`define RESET_ADDRESS 32'h0000_0000
`endif

`ifdef RV32E
`define REGISTER_BITS 4
`else
`define REGISTER_BITS 5
`endif

`endif
