// Read in this order: the package before the modules that use it.
+incdir+.
riscv_pkg.sv
alu.sv
decoder.sv
register_file.sv
load_store.sv
riscv.sv
