import { useCommands } from '../../design/index.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { Shortcut } from '../../ui/Shortcut.tsx';
import { texts } from '../texts.ts';
import './dialogs.css';

/** Every command that has a shortcut, by group. */
export default function ShortcutsDialog({ onClose }: { onClose(): void }) {
  const commands = useCommands().filter(({ shortcut }) => shortcut !== undefined);
  const groups = [...new Set(commands.map(({ group }) => group))];
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={texts.shortcuts.title}>
      {groups.map((group) => (
        <section key={group} className="keys">
          <h3 className="keys-head">{group}</h3>
          <dl className="keys-list">
            {commands
              .filter((command) => command.group === group)
              .map(({ id, label, shortcut }) => (
                <div key={id} className="keys-line">
                  <dt>{label}</dt>
                  <dd>
                    <Shortcut keys={shortcut ?? ''} />
                  </dd>
                </div>
              ))}
          </dl>
        </section>
      ))}
      <p className="dialog-note">{texts.shortcuts.editing}</p>
    </Dialog>
  );
}
