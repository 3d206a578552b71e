// Counts clock edges while `enable` is high and starts over after LIMIT.
module counter #(
    parameter WIDTH = 8,
    parameter [WIDTH-1:0] LIMIT = {WIDTH{1'b1}}
) (
    input  wire             clk,
    input  wire             reset,
    input  wire             enable,
    output reg  [WIDTH-1:0] count,
    output wire             last
);

    assign last = (count == LIMIT);

    always @(posedge clk) begin
        if (reset)
            count <= {WIDTH{1'b0}};
        else if (enable)
            count <= last ? {WIDTH{1'b0}} : count + 1'b1;
    end

endmodule
