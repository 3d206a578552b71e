import { Component, type ErrorInfo, type ReactNode } from 'react';
import { isChunkError } from './chunk-error.ts';
import { type Defect, defectOf, describeDefect } from './reporter.ts';

export interface Failure {
  reason: unknown;
  defect: Defect;
  /** A file did not arrive, rather than the code being wrong. */
  chunk: boolean;
  /** The whole text for a report. */
  text(): string;
  /** Draws the children anew. */
  retry(): void;
}

interface Props {
  where: string;
  fallback(failure: Failure): ReactNode;
  children: ReactNode;
}

/** Keeps an exception inside a part of the page to that part. */
export class ErrorBoundary extends Component<Props, { reason?: unknown; failed: boolean }> {
  override state: { reason?: unknown; failed: boolean } = { failed: false };

  static getDerivedStateFromError(reason: unknown) {
    return { reason, failed: true };
  }

  override componentDidCatch(_reason: unknown, info: ErrorInfo) {
    this.components = info.componentStack ?? '';
  }

  private components = '';

  override render() {
    const { reason, failed } = this.state;
    if (!failed) return this.props.children;
    const defect = defectOf(reason, this.props.where);
    return this.props.fallback({
      reason,
      defect,
      chunk: isChunkError(reason),
      text: () => `${describeDefect(defect)}\n${this.components}`.trimEnd(),
      retry: () => this.setState({ reason: undefined, failed: false }),
    });
  }
}
