import { Plus, RotateCcw, X } from 'lucide-react';
import { useState } from 'react';
import type { RtlSlice } from '../../../../engines/rtl/types.ts';
import { isEditable, useDesign, useSlice } from '../../../design/index.ts';
import { IconButton } from '../../../ui/IconButton.tsx';
import { Row } from '../../../ui/Row.tsx';
import { Section } from '../../../ui/Section.tsx';
import { Select } from '../../../ui/Select.tsx';
import { Switch } from '../../../ui/Switch.tsx';
import { TextInput } from '../../../ui/TextInput.tsx';
import { edit } from '../actions.ts';
import { isFileList } from '../files/paths.ts';
import { useRtl } from '../state.ts';
import { terms, texts } from '../texts.ts';
import { constantFault, macroFault, plainConstant } from './values.ts';

const words = texts.setup;
const labels = texts.edits;

/** What is synthesised and how: top module, parameters, defines, include folders. */
export function SetupPanel() {
  const slice = useSlice<RtlSlice>('rtl');
  const editable = useDesign(() => isEditable());
  return (
    <div className="setup">
      <Choices slice={slice} editable={editable} />
      <Parameters slice={slice} editable={editable} />
      <Defines slice={slice} editable={editable} />
      <Includes slice={slice} editable={editable} />
    </div>
  );
}

interface PartProps {
  slice: RtlSlice;
  editable: boolean;
}

/** What the sources hold, by the last check that could read them, else by the last result. */
function useModules(wanted: 'names' | 'parameters') {
  return useRtl(({ check, result }) =>
    check?.modules.length && (wanted === 'names' || !check.namesOnly) ? check : result?.report,
  );
}

function Choices({ slice, editable }: PartProps) {
  const known = useModules('names');
  const names = [...new Set((known?.modules ?? []).map((info) => info.sourceName))].sort();
  const lists = slice.files.map((file) => file.path).filter(isFileList);
  const missing = slice.top !== '' && known !== undefined && !names.includes(slice.top);
  const detected = slice.top === '' ? known?.top : undefined;
  return (
    <Section title={words.title} lesson="setup">
      <Row label={words.top} term={terms.top}>
        <Select
          mono
          disabled={!editable}
          value={slice.top}
          onChange={(top) => edit(labels.top, (was) => ({ ...was, top, parameters: {} }))}
          options={[
            { value: '', label: words.detected(detected) },
            ...names.map((name) => ({ value: name, label: name })),
            ...(slice.top !== '' && !names.includes(slice.top)
              ? [{ value: slice.top, label: missing ? words.topMissing(slice.top) : slice.top }]
              : []),
          ]}
        />
      </Row>
      {(lists.length > 0 || slice.fileList !== '') && (
        <Row label={words.fileList} term={terms.fileList}>
          <Select
            mono
            disabled={!editable}
            value={slice.fileList}
            onChange={(fileList) => edit(labels.fileList, (was) => ({ ...was, fileList }))}
            options={[
              { value: '', label: words.allFiles },
              ...[...new Set([...lists, slice.fileList])].filter(Boolean).map((path) => ({ value: path, label: path })),
            ]}
          />
        </Row>
      )}
      <Row label={words.flatten} term={terms.flatten}>
        <Switch
          disabled={!editable}
          checked={slice.flatten}
          onChange={(flatten) => edit(labels.flatten, (was) => ({ ...was, flatten }))}
        />
      </Row>
    </Section>
  );
}

function Parameters({ slice, editable }: PartProps) {
  const known = useModules('parameters');
  const top = known?.modules.find((info) => info.name === known.top || info.sourceName === known.top);
  const declared = top?.parameters ?? [];
  const strangers = Object.keys(slice.parameters).filter(
    (name) => known && !declared.some((each) => each.name === name),
  );
  const set = (name: string, text: string) =>
    edit(labels.parameter(name), (was) => {
      const { [name]: _, ...others } = was.parameters;
      return { ...was, parameters: text.trim() === '' ? others : { ...others, [name]: parameterValue(text) } };
    });
  const reset = (name: string) =>
    edit(labels.resetParameter(name), (was) => {
      const { [name]: _, ...parameters } = was.parameters;
      return { ...was, parameters };
    });
  return (
    <Section title={words.parameters} lesson="parameters" aside={top && <span className="mono">{top.sourceName}</span>}>
      {!known && <p className="hint">{words.waiting}</p>}
      {known && declared.length === 0 && strangers.length === 0 && <p className="hint">{words.noParameters}</p>}
      <div className="params">
        {declared.map(({ name, value }) => {
          const override = slice.parameters[name];
          return (
            <Row
              key={name}
              label={name}
              note={override === undefined ? undefined : words.default(plainConstant(value))}
            >
              <ParameterField
                value={override === undefined ? '' : String(override)}
                placeholder={plainConstant(value)}
                disabled={!editable}
                onChange={(text) => set(name, text)}
              />
              {override !== undefined && editable && (
                <IconButton size="small" icon={RotateCcw} label={words.reset(name)} onClick={() => reset(name)} />
              )}
            </Row>
          );
        })}
        {strangers.map((name) => (
          <Row key={name} label={name} note={words.unknownParameter}>
            <ParameterField
              value={String(slice.parameters[name])}
              disabled={!editable}
              onChange={(text) => set(name, text)}
            />
            {editable && <IconButton size="small" icon={X} label={words.reset(name)} onClick={() => reset(name)} />}
          </Row>
        ))}
      </div>
    </Section>
  );
}

interface ParameterFieldProps {
  value: string;
  placeholder?: string;
  disabled: boolean;
  onChange(text: string): void;
}

/** A Verilog constant. One that is none is not taken over and says so. */
function ParameterField({ value, placeholder, disabled, onChange }: ParameterFieldProps) {
  const [refused, setRefused] = useState<{ text: string; fault: string }>();
  return (
    <TextInput
      mono
      disabled={disabled}
      value={refused?.text ?? value}
      placeholder={placeholder}
      invalid={refused?.fault}
      onChange={(text) => {
        const fault = text.trim() === '' ? undefined : constantFault(text);
        setRefused(fault === undefined ? undefined : { text, fault });
        if (fault === undefined && text !== value) onChange(text);
      }}
    />
  );
}

function parameterValue(text: string): string | number {
  const trimmed = text.trim();
  return /^-?\d{1,15}$/.test(trimmed) ? Number(trimmed) : trimmed;
}

function Defines({ slice, editable }: PartProps) {
  const [adding, setAdding] = useState(false);
  const names = Object.keys(slice.defines);
  const rename = (from: string | undefined, name: string) =>
    edit(labels.define(name), (was) => {
      const entries = Object.entries(was.defines).filter(([each]) => each !== name);
      const kept = entries.map(([each, value]): [string, string] => [each === from ? name : each, value]);
      return { ...was, defines: Object.fromEntries(from === undefined ? [...kept, [name, '']] : kept) };
    });
  const set = (name: string, value: string) =>
    edit(labels.define(name), (was) => ({ ...was, defines: { ...was.defines, [name]: value } }));
  const remove = (name: string) =>
    edit(labels.removeDefine(name), (was) => {
      const { [name]: _, ...defines } = was.defines;
      return { ...was, defines };
    });
  return (
    <Section
      title={words.defines}
      aside={
        editable && <IconButton size="small" icon={Plus} label={words.addDefine} onClick={() => setAdding(true)} />
      }
    >
      {names.length === 0 && !adding && <p className="hint">{words.noDefines}</p>}
      {names.map((name) => (
        <div key={name} className="pair">
          <NameField
            value={name}
            label={words.defineName}
            disabled={!editable}
            taken={names}
            onName={(next) => rename(name, next)}
          />
          <TextInput
            mono
            label={`${words.defineValue}: ${name}`}
            placeholder={words.defineValue}
            disabled={!editable}
            value={slice.defines[name] ?? ''}
            onChange={(value) => set(name, value)}
          />
          {editable && (
            <IconButton size="small" icon={X} label={words.removeDefine(name)} onClick={() => remove(name)} />
          )}
        </div>
      ))}
      {adding && (
        <NameField
          value=""
          autoFocus
          label={words.defineName}
          disabled={false}
          taken={names}
          onName={(name) => rename(undefined, name)}
          onDone={() => setAdding(false)}
        />
      )}
    </Section>
  );
}

interface NameFieldProps {
  value: string;
  label: string;
  disabled: boolean;
  taken: readonly string[];
  autoFocus?: boolean;
  onName(name: string): void;
  onDone?(): void;
}

function NameField({ value, label, disabled, taken, autoFocus, onName, onDone }: NameFieldProps) {
  const [draft, setDraft] = useState<string>();
  const text = draft ?? value;
  const fault = draft === undefined || draft === '' || draft === value ? undefined : macroFault(draft, taken);
  const done = () => {
    if (draft !== undefined && draft !== '' && draft !== value && fault === undefined) onName(draft);
    setDraft(undefined);
    onDone?.();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only hears the field inside.
    <span
      className="pair-name"
      onBlur={done}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        setDraft(undefined);
        onDone?.();
      }}
    >
      <TextInput
        live
        mono
        autoFocus={autoFocus}
        label={label}
        placeholder={label}
        disabled={disabled}
        value={text}
        invalid={fault}
        onChange={setDraft}
        onEnter={() => fault === undefined && done()}
      />
    </span>
  );
}

function Includes({ slice, editable }: PartProps) {
  const [adding, setAdding] = useState(false);
  const change = (next: (dirs: readonly string[]) => string[]) =>
    edit(labels.includes, (was) => ({ ...was, includeDirs: [...new Set(next(was.includeDirs))] }));
  return (
    <Section
      title={words.includes}
      aside={
        editable && <IconButton size="small" icon={Plus} label={words.addInclude} onClick={() => setAdding(true)} />
      }
    >
      {slice.includeDirs.length === 0 && !adding && <p className="hint">{words.noIncludes}</p>}
      {slice.includeDirs.map((dir) => (
        <div key={dir} className="pair">
          <TextInput
            mono
            label={words.includeName}
            disabled={!editable}
            value={dir}
            onChange={(text) => change((dirs) => dirs.map((each) => (each === dir ? text.trim() || dir : each)))}
          />
          {editable && (
            <IconButton
              size="small"
              icon={X}
              label={words.removeInclude(dir)}
              onClick={() => change((dirs) => dirs.filter((each) => each !== dir))}
            />
          )}
        </div>
      ))}
      {adding && (
        // biome-ignore lint/a11y/noStaticElementInteractions: it only hears that the field inside is left.
        <span onBlur={() => setAdding(false)}>
          <TextInput
            mono
            autoFocus
            label={words.includeName}
            placeholder="include"
            value=""
            onChange={(text) => text.trim() !== '' && change((dirs) => [...dirs, text.trim()])}
            onEnter={() => setAdding(false)}
          />
        </span>
      )}
    </Section>
  );
}
