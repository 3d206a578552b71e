import { memo } from 'react';
import type { PickedBlock } from '../../../../../engines/bfp/tensor-block.ts';
import type { TensorReport } from '../../../../../engines/bfp/tensor-entry.ts';
import { formatNumber } from '../../../../ui/format.ts';
import { numberText, placeText } from './readout.ts';
import { texts } from './texts.ts';

export interface BlockPanelProps {
  report: TensorReport;
  picked: PickedBlock | undefined;
  onPick(place: { row: number; column: number }): void;
}

/** One block as its format holds it: the shared scale, and each weight with the bits of its code and what it becomes. */
export const BlockPanel = memo(function BlockPanel({ report, picked, onPick }: BlockPanelProps) {
  if (!picked) return <p className="hint tensor-noblock">{texts.noBlock}</p>;
  const { anatomy, places, elements } = picked;
  const worst = anatomy.elements.reduce((most, { error }) => (Math.abs(error) > most ? Math.abs(error) : most), 0);
  return (
    <>
      <div className="tensor-shared">
        {anatomy.scaleBits === '' ? (
          <span className="hint">{texts.nothingShared}</span>
        ) : (
          <>
            <span className="tensor-shared-name">{texts.shared}</span>
            <Bits of="shared" bits={anatomy.scaleBits} />
            <span>{anatomy.scaleNote}</span>
          </>
        )}
        {anatomy.step > 0 && <span className="tensor-step">{texts.step(formatNumber(anatomy.step))}</span>}
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, also from the keyboard. */}
      <section className="tensor-elements" aria-label={texts.columns.bits} tabIndex={0}>
        <table className="tensor-block">
          <caption className="visually-hidden">{`${texts.block} ${texts.blockOf(elements)}`}</caption>
          <thead>
            <tr>
              <th scope="col">{texts.columns.place}</th>
              <th scope="col" className="table-right">
                {texts.columns.value}
              </th>
              <th scope="col">{texts.columns.bits}</th>
              <th scope="col" className="table-right">
                {texts.columns.quantized}
              </th>
              <th scope="col" className="table-right">
                {texts.columns.error}
              </th>
              <th scope="col">{texts.columns.note}</th>
            </tr>
          </thead>
          <tbody>
            {anatomy.elements.map((element, index) => {
              const place = places[index]!;
              return (
                <tr
                  key={`${place.row} ${place.column}`}
                  className={index === picked.index ? 'tensor-on' : undefined}
                  aria-current={index === picked.index || undefined}
                  title={placeText(report.layer, place.row, place.column)}
                  onPointerDown={() => onPick(place)}
                >
                  <td className="num">
                    {place.row}, {place.column}
                  </td>
                  <td className="num table-right">{numberText(element.value)}</td>
                  <td>
                    <span className="tensor-code">
                      <Bits of="sign" bits={element.sign} />
                      <Bits of="exponent" bits={element.exponent} />
                      <Bits of="mantissa" bits={element.mantissa} />
                    </span>
                  </td>
                  <td className="num table-right">{numberText(element.quantized)}</td>
                  <td className="num table-right">
                    <ErrorBar error={element.error} worst={worst} />
                    {numberText(element.error)}
                  </td>
                  <td className="tensor-note">{element.note}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
        {elements > places.length && <p className="hint">{texts.shown(places.length, elements)}</p>}
      </section>
    </>
  );
});

type Part = keyof typeof texts.parts;

/** Bits as little cells, of the colour of their part. */
function Bits({ of, bits }: { of: Part; bits: string }) {
  if (bits === '') return null;
  return (
    <span className={`tensor-bits tensor-bits-${of}`} role="img" aria-label={`${texts.parts[of]} ${bits}`}>
      {[...bits].map((bit, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a bit is its place.
        <i key={place} className={bit === '1' ? 'tensor-bit-one' : undefined} aria-hidden>
          {bit}
        </i>
      ))}
    </span>
  );
}

export function BitsLegend() {
  return (
    <ul className="tensor-legend">
      {(Object.keys(texts.parts) as Part[]).map((part) => (
        <li key={part}>
          <i className={`tensor-bits-${part}`} /> {texts.parts[part]}
        </li>
      ))}
    </ul>
  );
}

function ErrorBar({ error, worst }: { error: number; worst: number }) {
  const share = worst > 0 && Number.isFinite(error) ? Math.abs(error) / worst : 0;
  return <i className="tensor-error" style={{ width: `${Math.round(share * 36)}px` }} aria-hidden />;
}
