`timescale 1ns/1ns
module uart_tb;
    localparam BIT = 104 * 10;      // ns
    reg clk = 0, reset = 1, tx_valid = 0, line = 1;
    reg [7:0] tx_data = 0;
    wire tx_ready, tx, rx_valid, rx_error;
    wire [7:0] rx_data;
    reg [7:0] sent [0:255], seen;
    reg loop = 0;
    integer i, b, errors = 0, seed = 12, received = 0, framing = 0, pushed = 0;

    uart dut (.clk(clk), .reset(reset), .tx_data(tx_data), .tx_valid(tx_valid), .tx_ready(tx_ready), .tx(tx),
              .rx(loop ? tx : line), .rx_data(rx_data), .rx_valid(rx_valid), .rx_error(rx_error));

    always #5 clk = ~clk;

    always @(negedge clk) if (!reset) begin
        if (rx_valid) begin
            if (rx_data !== sent[received]) begin
                errors = errors + 1;
                $display("FAIL byte %0d is %h, expected %h", received, rx_data, sent[received]);
            end
            received = received + 1;
        end
        if (rx_error) framing = framing + 1;
    end

    task send(input [7:0] value);
        begin
            @(negedge clk);
            while (!tx_ready) @(negedge clk);
            tx_data = value;
            tx_valid = 1;
            sent[pushed] = value;
            pushed = pushed + 1;
            @(negedge clk);
            tx_valid = 0;
        end
    endtask

    // A frame of a foreign sender, `per_bit` ns a bit.
    task drive(input [7:0] value, input integer per_bit, input stop);
        begin
            line = 0; #(per_bit);
            for (b = 0; b < 8; b = b + 1) begin line = value[b]; #(per_bit); end
            line = stop; #(per_bit);
            line = 1; #(per_bit);
        end
    endtask

    initial begin
        repeat (4) @(negedge clk);
        reset = 0;
        repeat (4) @(negedge clk);
        if (tx !== 1'b1) errors = errors + 1;
        // The wave itself, sampled in the middle of each bit.
        send(8'hA6);
        #(BIT / 2);
        if (tx !== 1'b0) errors = errors + 1;
        for (i = 0; i < 8; i = i + 1) begin #(BIT); seen[i] = tx; end
        #(BIT);
        if (seen !== 8'hA6 || tx !== 1'b1) errors = errors + 1;
        #(BIT);
        pushed = 0;
        // Sender to receiver, back to back.
        loop = 1;
        for (i = 0; i < 40; i = i + 1) send($random(seed));
        #(12 * BIT);
        if (received != 40) errors = errors + 1;
        loop = 0;
        // Foreign clocks 3 % slow and fast.
        for (i = 0; i < 20; i = i + 1) begin
            sent[received] = $random(seed);
            drive(sent[received], (i % 2) ? BIT * 103 / 100 : BIT * 97 / 100, 1'b1);
        end
        if (received != 60) errors = errors + 1;
        // A short glitch is no byte; a missing stop bit is an error.
        line = 0; #(BIT / 8); line = 1; #(12 * BIT);
        if (received != 60 || framing != 0) errors = errors + 1;
        drive(8'hFF, BIT, 1'b0);
        #(12 * BIT);
        if (received != 60 || framing != 1) errors = errors + 1;
        if (errors == 0) $display("PASS");
        else $display("FAIL %0d errors, %0d bytes, %0d framing", errors, received, framing);
        $finish;
    end
endmodule
