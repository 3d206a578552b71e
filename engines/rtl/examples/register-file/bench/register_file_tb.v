`timescale 1ns/1ns
module register_file_tb;
    reg clk = 0, write = 0;
    reg [2:0] write_address, read_address_a, read_address_b;
    reg [15:0] write_data;
    wire [15:0] read_data_a, read_data_b;
    reg [15:0] model [0:7];
    reg [15:0] expected_a, expected_b;
    integer i, errors, seed;

    register_file dut (.clk(clk), .write(write), .write_address(write_address), .write_data(write_data),
        .read_address_a(read_address_a), .read_data_a(read_data_a),
        .read_address_b(read_address_b), .read_data_b(read_data_b));

    always #5 clk = ~clk;

    function [15:0] expect_of(input [2:0] address);
        expect_of = (address == 0) ? 16'd0 : (write && write_address == address) ? write_data : model[address];
    endfunction

    initial begin
        errors = 0;
        seed = 9;
        for (i = 0; i < 8; i = i + 1) begin
            @(negedge clk);
            write = 1;
            write_address = i;
            write_data = $random(seed);
            model[i] = write_data;
        end
        for (i = 0; i < 5000; i = i + 1) begin
            @(negedge clk);
            if (write) model[write_address] = write_data;
            write = $random(seed);
            write_address = $random(seed);
            write_data = $random(seed);
            read_address_a = $random(seed);
            read_address_b = (i % 4 == 0) ? write_address : $random(seed);
            #1;
            expected_a = expect_of(read_address_a);
            expected_b = expect_of(read_address_b);
            if (read_data_a !== expected_a || read_data_b !== expected_b) errors = errors + 1;
        end
        if (errors == 0) $display("PASS");
        else $display("FAIL %0d errors", errors);
        $finish;
    end
endmodule
