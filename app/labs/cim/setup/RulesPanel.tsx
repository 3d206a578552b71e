import { RotateCcw } from 'lucide-react';
import { DEFAULT_RULES, STUDY_RULES } from '../../../../engines/cim/rules.ts';
import type { CostRules } from '../../../../engines/cim/types.ts';
import { sameJson } from '../../../../engines/document/json.ts';
import { Button } from '../../../ui/Button.tsx';
import { Row } from '../../../ui/Row.tsx';
import { Section } from '../../../ui/Section.tsx';
import { Select } from '../../../ui/Select.tsx';
import { Switch } from '../../../ui/Switch.tsx';
import { edit, set } from '../actions.ts';
import { terms, texts } from '../texts.ts';
import type { PartProps } from './ModelPanel.tsx';

const words = texts.rules;
const labels = texts.edits;

const CHOICES = ['reload', 'writeBack', 'depthwise', 'attention'] as const;
const SWITCHES = ['sharing', 'inPlace', 'dynamicInSegment'] as const;

/** How costs are counted, the same for every method of a run. */
export function RulesPanel({ slice: { rules }, editable }: PartProps) {
  const put = <K extends keyof CostRules>(name: K, value: CostRules[K]) =>
    edit(labels.parameter(words.names[name]), (was) => ({ ...was, rules: { ...was.rules, [name]: value } }));
  const study = sameJson(rules, STUDY_RULES);
  return (
    <Section title={words.title} foldable folded={sameJson(rules, DEFAULT_RULES)} lesson="rules">
      <p className="hint">{study ? words.isStudy : words.about}</p>
      {CHOICES.map((name) => (
        <Row key={name} label={words.names[name]} term={terms[name]}>
          <Select<string>
            disabled={!editable}
            value={rules[name]}
            onChange={(next) => put(name, next as CostRules[typeof name])}
            options={Object.entries(words.values[name]).map(([value, label]) => ({ value, label }))}
          />
        </Row>
      ))}
      {SWITCHES.map((name) => (
        <Row key={name} label={words.names[name]} term={terms[name]}>
          <Switch disabled={!editable} checked={rules[name]} onChange={(on) => put(name, on)} />
        </Row>
      ))}
      <div className="cim-buttons">
        {!sameJson(rules, DEFAULT_RULES) && (
          <Button
            size="small"
            variant="ghost"
            icon={RotateCcw}
            label={words.toDefault}
            disabled={!editable}
            onClick={() => set(labels.rules, 'rules', DEFAULT_RULES)}
          />
        )}
        {!study && (
          <Button
            size="small"
            variant="ghost"
            label={words.toStudy}
            title={words.studyAbout}
            disabled={!editable}
            onClick={() => set(labels.rules, 'rules', STUDY_RULES)}
          />
        )}
      </div>
    </Section>
  );
}
