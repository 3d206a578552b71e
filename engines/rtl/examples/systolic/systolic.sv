// Multiplies matrices: N x N processing elements, each of which keeps one element of the product.
// In clock k the array takes column k of A and row k of B. A moves right, B moves down; row i and
// column j are delayed by i and j clocks, so that the right pairs meet. After K clocks of data and
// 2N-1 more the sums are complete.
module systolic #(
    parameter int N     = 4,
    parameter int WIDTH = 8,
    parameter int SUM   = 2 * WIDTH + 4
) (
    input  logic                    clk,
    input  logic                    clear,      // starts a new product
    input  logic [N-1:0][WIDTH-1:0] a,          // signed; A[i][k] for each row i
    input  logic [N-1:0][WIDTH-1:0] b,          // signed; B[k][j] for each column j
    input  logic [$clog2(N)-1:0]    row,
    input  logic [$clog2(N)-1:0]    column,
    output logic [SUM-1:0]          result      // signed; the sum at (row, column)
);

    logic [N-1:0][N:0][WIDTH-1:0] right;        // right[i][j] enters the element (i, j) from the left
    logic [N:0][N-1:0][WIDTH-1:0] down;         // down[i][j] enters it from above
    logic [N*N-1:0][SUM-1:0]      sums;         // row by row

    genvar i, j;
    generate
        for (i = 0; i < N; i = i + 1) begin : skew
            delay #(.WIDTH(WIDTH), .CLOCKS(i)) delay_a (.clk(clk), .in(a[i]), .out(right[i][0]));
            delay #(.WIDTH(WIDTH), .CLOCKS(i)) delay_b (.clk(clk), .in(b[i]), .out(down[0][i]));
        end

        for (i = 0; i < N; i = i + 1) begin : rows
            for (j = 0; j < N; j = j + 1) begin : columns
                processing_element #(.WIDTH(WIDTH), .SUM(SUM)) element (
                    .clk   (clk),
                    .clear (clear),
                    .a_in  (right[i][j]),
                    .b_in  (down[i][j]),
                    .a_out (right[i][j+1]),
                    .b_out (down[i+1][j]),
                    .sum   (sums[N*i+j])
                );
            end
        end
    endgenerate

    assign result = sums[N*row+column];

endmodule
