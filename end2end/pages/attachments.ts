// The files at the message that is being written.

import type { Locator, Page } from '@playwright/test';

/** A file that a test makes. */
export interface TestFile {
  name: string;
  mimeType: string;
  buffer: Buffer;
}

export class Attachments {
  readonly button: Locator;
  readonly list: Locator;
  readonly all: Locator;
  readonly dropPlace: Locator;
  readonly beyond: Locator;
  readonly trouble: Locator;

  constructor(readonly page: Page) {
    this.button = page.getByRole('button', { name: 'Attach files', exact: true });
    this.list = page.getByRole('list', { name: 'Attached files' });
    this.all = this.list.getByRole('listitem');
    this.dropPlace = page.getByText('Drop files to attach them');
    this.beyond = page.getByRole('status').filter({ hasText: 'would fit' });
    this.trouble = page.locator('form').getByRole('alert');
  }

  /** Chooses files with the button. */
  async choose(...files: TestFile[]): Promise<void> {
    const coming = this.page.waitForEvent('filechooser');
    await this.button.click();
    await (await coming).setFiles(files);
  }

  /** Waits until files are taken: what does that comes a moment after the page. */
  private async isReady(): Promise<void> {
    await this.button.waitFor();
  }

  async remove(name: string): Promise<void> {
    await this.list.getByRole('button', { name: `Remove ${name}`, exact: true }).click();
  }

  /** Holds a text file over the page; the function that comes back lets go of it. */
  async holdOver(name: string, text: string): Promise<() => Promise<void>> {
    await this.isReady();
    const dataTransfer = await this.page.evaluateHandle(
      ([name, text]) => {
        const data = new DataTransfer();
        data.items.add(new File([text!], name!));
        return data;
      },
      [name, text],
    );
    await this.page.dispatchEvent('main', 'dragover', { dataTransfer });
    return () => this.page.dispatchEvent('main', 'drop', { dataTransfer });
  }

  /** Pastes text as a keyboard would. */
  async paste(into: Locator, text: string): Promise<void> {
    await this.isReady();
    await into.evaluate((field, text) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData('text/plain', text);
      const event = new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true });
      // A made event pastes nothing by itself.
      if (field.dispatchEvent(event)) document.execCommand('insertText', false, text);
    }, text);
  }
}

/** A text file. */
export function textFile(name: string, text: string): TestFile {
  return { name, mimeType: 'text/plain', buffer: Buffer.from(text) };
}

/** A PDF of one page with this line. */
export function pdfFile(name: string, line: string): TestFile {
  const content = `BT /F1 12 Tf 72 720 Td (${line}) Tj ET`;
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [4 0 R] /Count 1 >>',
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 5 0 R /Resources << /Font << /F1 3 0 R >> >> >>',
    `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
  ];
  let file = '%PDF-1.4\n';
  let table = '0000000000 65535 f \n';
  objects.forEach((object, idx) => {
    table += `${String(file.length).padStart(10, '0')} 00000 n \n`;
    file += `${idx + 1} 0 obj\n${object}\nendobj\n`;
  });
  const end = `trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n${file.length}\n%%EOF\n`;
  return { name, mimeType: 'application/pdf', buffer: Buffer.from(`${file}xref\n0 6\n${table}${end}`) };
}
