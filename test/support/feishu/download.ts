/** An answer of the fake Feishu that is a file and not JSON. */
export class Download {
  readonly bytes: Buffer;
  readonly mime: string;
  readonly name: string;
  constructor(bytes: Buffer, mime: string, name: string) {
    this.bytes = bytes;
    this.mime = mime;
    this.name = name;
  }
}
