/** Labs that can run: those with a slice and a worker. Only the names are looked at. */
const sliceNames = Object.keys(import.meta.glob('../../engines/*/slice.ts'));
const workerNames = Object.keys(import.meta.glob('../*.worker.ts'));

export function labs(): string[] {
  const withWorker = new Set(workerNames.map((path) => path.replace(/^.*\/(.*)\.worker\.ts$/, '$1')));
  return sliceNames.map((path) => path.split('/').at(-2)!).filter((lab) => withWorker.has(lab));
}

export function help(labs: readonly string[]): string {
  return `crossbar-studio: runs the designs of Crossbar Studio without a browser.

  run DESIGN.json         runs the design's lab and prints the report as JSON
  sweep DESIGNS.ndjson    runs a design a line, on all cores, and prints a report a line, in order
  open DESIGN.json        prints the link that opens the design in the studio
  pack DESIGN.json        writes one file with the design and its blobs
  unpack DESIGN.zip       writes the design and its blobs into a folder
  serve                   serves the built studio on this machine
  sim FILE...             compiles Verilog and runs it, as iverilog and vvp do (sim --help)

run and sweep:
  --lab LAB               runs this lab instead of the one that the design names
  --set PATH=VALUE        changes a value, as in --set flatten=false or --set slices.rtl.top=alu;
                          VALUE is JSON, or text where it is not; may be repeated
  --seed NUMBER           sets the design's seed
  --repair                accepts a design with faults: repairs them and warns (also for open and pack)
  -j, --jobs NUMBER       sweep: designs at the same time (default: all cores)
open:    --base URL       puts the studio's address before the link
pack:    -o FILE          default: the design's name with .zip
unpack:  -o FOLDER        default: the name of the file
serve:   --port NUMBER, --host NAME, --base /PATH/

-h, --help; -v, --version. A file named - is standard input. {"file": "top.v"} in a design is read from its folder.
Exit: 0 done; 1 the design is wrong (what, where and the remedy on standard error); 2 called wrongly.

Labs: ${labs.join(', ') || 'none'}
`;
}
