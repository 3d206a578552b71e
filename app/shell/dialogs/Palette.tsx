import { Command as Cmdk } from 'cmdk';
import * as Radix from 'radix-ui/dialog';
import { type Command, useCommands } from '../../design/index.ts';
import { Shortcut } from '../../ui/Shortcut.tsx';
import { go } from '../address.ts';
import { texts } from '../texts.ts';
import { useOffers } from '../useOffers.ts';
import { rankCommand } from './rank-command.ts';
import './palette.css';

/** Every command by its name, and lessons and examples to go to. */
export default function Palette({ onClose }: { onClose(): void }) {
  const commands = useCommands().filter(({ id, enabled }) => id !== 'shell.palette' && enabled?.() !== false);
  const starts = useStarts();
  const groups = new Map<string, Entry[]>();
  for (const command of [...commands, ...starts])
    groups.set(command.group, [...(groups.get(command.group) ?? []), command]);
  return (
    <Radix.Root open onOpenChange={(open) => !open && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className="dialog-veil">
          <Radix.Content className="dialog palette" aria-describedby={undefined}>
            <Radix.Title className="visually-hidden">{texts.palette.label}</Radix.Title>
            <Cmdk label={texts.palette.label} loop filter={rankCommand}>
              <Cmdk.Input className="palette-input" placeholder={texts.palette.placeholder} />
              <Cmdk.List className="palette-list">
                <Cmdk.Empty className="palette-empty">{texts.palette.empty}</Cmdk.Empty>
                {[...groups].map(([group, list]) => (
                  <Cmdk.Group key={group} heading={group} className="palette-group">
                    {list.map((command) => (
                      <Cmdk.Item
                        key={command.id}
                        className="palette-item"
                        value={command.id}
                        keywords={[command.label, group]}
                        onSelect={() => {
                          onClose();
                          // After the dialog has given the focus back, so that the command may take it.
                          setTimeout(() => command.run());
                        }}
                      >
                        <span>{command.label}</span>
                        {command.shortcut && <Shortcut keys={command.shortcut} />}
                      </Cmdk.Item>
                    ))}
                  </Cmdk.Group>
                ))}
              </Cmdk.List>
            </Cmdk>
          </Radix.Content>
        </Radix.Overlay>
      </Radix.Portal>
    </Radix.Root>
  );
}

type Entry = Pick<Command, 'id' | 'label' | 'group' | 'shortcut'> & { run(): void };

/** Lessons and examples, as entries that go to their addresses. */
function useStarts(): Entry[] {
  return useOffers().flatMap(({ lessons, examples }) => [
    ...lessons.map(({ id, title }) => ({
      id: `lesson.${id}`,
      label: title,
      group: texts.home.lessons,
      run: () => go({ kind: 'lesson', id }),
    })),
    ...examples.map(({ id, title }) => ({
      id: `example.${id}`,
      label: title,
      group: texts.home.examples,
      run: () => go({ kind: 'example', id }),
    })),
  ]);
}
