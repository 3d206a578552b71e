// Synchronous first-in first-out queue. The pointers have one bit more than the address:
// equal pointers mean empty, pointers that differ in the top bit alone mean full.
module fifo #(
    parameter WIDTH   = 8,
    parameter ADDRESS = 4
) (
    input  wire             clk,
    input  wire             reset,
    input  wire             push,
    input  wire [WIDTH-1:0] push_data,
    input  wire             pop,
    output wire [WIDTH-1:0] front,       // the oldest word, valid while not empty
    output wire             empty,
    output wire             full,
    output wire [ADDRESS:0] level
);

    reg [WIDTH-1:0] memory [0:(1<<ADDRESS)-1];
    reg [ADDRESS:0] head;
    reg [ADDRESS:0] tail;

    assign empty = (head == tail);
    assign full  = (head == {~tail[ADDRESS], tail[ADDRESS-1:0]});
    assign level = tail - head;
    assign front = memory[head[ADDRESS-1:0]];

    wire do_push = push & ~full;
    wire do_pop  = pop & ~empty;

    always @(posedge clk) begin
        if (do_push)
            memory[tail[ADDRESS-1:0]] <= push_data;
    end

    always @(posedge clk) begin
        if (reset) begin
            head <= 0;
            tail <= 0;
        end else begin
            if (do_pop)
                head <= head + 1'b1;
            if (do_push)
                tail <= tail + 1'b1;
        end
    end

endmodule
