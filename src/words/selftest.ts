/** `npm run selftest`: what an installer reads line by line. */
import { words } from './language.ts';

interface Said {
  what: string;
  mend: string;
}

export const selftestWords = words({
  zh: {
    usage: `npm run selftest [-- --to 账号] [--json] [--language zh|en]

用现在的环境变量，逐项核对真实的平台：令牌、权限、频道、账号、长连接、邮件、电话、公网地址、数据库、时钟。
除了 --to 指定的那一张卡片（发完即撤回），不改动任何东西。
  --to 账号    发一张卡片给自己再撤回：Slack 写 U…，飞书写 ou_…；可以写几次
  --json       每项一个 JSON 对象，供程序读取
  --language   zh 或 en；不写时用规则手册的语言
✓ 正常   ✗ 要处理（箭头后是做法）   ℹ 请留意   – 没有设置
`,
    unknown: (arg: string) => `不认识的参数：${arg}`,
    areas: {
      settings: '环境变量',
      handbook: '规则手册',
      database: '数据库',
      address: '公网地址',
      card: '卡片',
      slack: 'Slack',
      feishu: '飞书',
      wecom: '企业微信',
      email: '邮件',
      phone: '电话与短信',
      pager: '呼叫平台',
    },
    notSetUp: (area: string) => `${area}：没有设置`,
    settings: '环境变量没有写错',
    setting: { mend: '按这一行改好，再运行一次' },
    handbook: (count: number) => `规则手册没有错误，${count} 个流程`,
    badHandbook: (faults: string): Said => ({ what: `规则手册有错：${faults}`, mend: '按每条的行号和改法修改' }),
    result: (wrong: number) => (wrong === 0 ? '全部通过。' : `${wrong} 处要处理。`),
    card: {
      headline: '安装自检',
      summary: '会签的自检卡片，马上会撤回。',
      label: '金额',
      quote: '这是一段引用。',
      path: '审批路径',
      done: '已通过',
      next: '等待中',
      why: '因为是自检',
      note: '您能看到这张卡片，说明发送没有问题。它马上会撤回。',
      link: '打开会签',
      button: '知道了',
      delivered: (platform: string) => `${platform}：卡片发到了，也撤回了`,
      notDelivered: (platform: string, code: string): Said => ({
        what: `${platform}：卡片发不出去（${code}）`,
        mend: '看上面这个平台的各项；账号要写对，而且在应用的可用范围内',
      }),
      notRemoved: (platform: string, code: string): Said => ({
        what: `${platform}：卡片发到了，但撤不回来（${code}）`,
        mend: '不影响使用；请手动删除那张卡片',
      }),
      unknown: (account: string): Said => ({
        what: `不知道 ${account} 是哪个平台的账号，或那个平台没有设置`,
        mend: 'Slack 的写 U…，飞书的写 ou_…',
      }),
    },
    database: {
      embedded: '数据库：没有 DATABASE_URL，将使用自带的 Postgres',
      well: (version: string, used: number, most: number) =>
        `数据库：Postgres ${version}，有建表权限，连接 ${used}／${most}，时钟一致`,
      away: (code: string): Said => ({
        what: `数据库：连不上（${code}）`,
        mend: '核对 DATABASE_URL 的地址、用户、密码和库名，以及服务器是否允许本机连接',
      }),
      old: (version: string): Said => ({
        what: `数据库：Postgres ${version} 太旧`,
        mend: '换成 14 或更新的版本',
      }),
      rights: {
        what: '数据库：这个用户不能建表',
        mend: '让数据库管理员执行 GRANT CREATE ON DATABASE … 和 GRANT CREATE ON SCHEMA public TO 这个用户',
      },
      encoding: (encoding: string): Said => ({
        what: `数据库：编码是 ${encoding}，存不下中文`,
        mend: '用 UTF8 重新建库',
      }),
      crowded: (used: number, most: number): Said => ({
        what: `数据库：连接快用完了（${used}／${most}）`,
        mend: '把 Postgres 的 max_connections 调大，或关掉不用的程序',
      }),
      readOnly: {
        what: '数据库：只读（可能是备库）',
        mend: 'DATABASE_URL 要指向主库',
      },
      skew: (seconds: number): Said => ({
        what: `数据库：与本机时钟相差 ${seconds} 秒`,
        mend: '两台机器都打开自动校时（NTP）',
      }),
    },
    address: {
      well: (url: string) => `公网地址 ${url}：从这里能访问到本程序`,
      noTls: {
        what: '公网地址不是 https，平台不会向它发回调',
        mend: '在前面放一个带证书的反向代理，PUBLIC_URL 写 https:// 开头的地址',
      },
      noName: (host: string): Said => ({
        what: `公网地址：域名 ${host} 解析不到`,
        mend: '在 DNS 里给它加一条记录，或核对 PUBLIC_URL',
      }),
      certificate: (code: string): Said => ({
        what: `公网地址：证书不对（${code}），平台会拒绝连接`,
        mend: '换成由公认机构签发、域名一致、没有过期、带中间证书的证书',
      }),
      refused: (code: string): Said => ({
        what: `公网地址：连不上（${code}）`,
        mend: '先启动程序（npm start）；再看反向代理、防火墙和端口',
      }),
      broken: (status: number): Said => ({
        what: `公网地址：反向代理答 ${status}，后面的程序没有应答`,
        mend: '先启动程序（npm start）；再核对代理转发到的地址和端口',
      }),
      notForwarded: (path: string, status: number): Said => ({
        what: `公网地址：${path} 没有到本程序（HTTP ${status}）`,
        mend: '在反向代理里把这个路径原样转发到本程序',
      }),
    },
  },
  en: {
    usage: `npm run selftest [-- --to ACCOUNT] [--json] [--language zh|en]

Checks the real platforms with the settings of the environment: tokens, scopes, channels, accounts, sockets, mail, phone, public address, database, clocks.
It changes nothing but the one card that --to asks for, which is removed at once.
  --to ACCOUNT  sends yourself a card and removes it: U… for Slack, ou_… for Feishu; may be given several times
  --json        one JSON object for each check, for programs
  --language    zh or en; otherwise that of the handbook
✓ well   ✗ to be mended (how: behind the arrow)   ℹ to be known   – not set up
`,
    unknown: (arg: string) => `Unknown argument: ${arg}`,
    areas: {
      settings: 'Settings',
      handbook: 'Handbook',
      database: 'Database',
      address: 'Public address',
      card: 'Card',
      slack: 'Slack',
      feishu: 'Feishu',
      wecom: 'WeCom',
      email: 'Mail',
      phone: 'Phone and SMS',
      pager: 'Pager',
    },
    notSetUp: (area: string) => `${area}: not set up`,
    settings: 'The settings have no faults',
    setting: { mend: 'Mend it as this line says, and run it again' },
    handbook: (count: number) => `The handbook has no faults; ${count} processes`,
    badHandbook: (faults: string) => ({
      what: `The handbook has faults: ${faults}`,
      mend: 'Mend each at its line, as it says',
    }),
    result: (wrong: number) => (wrong === 0 ? 'All well.' : `${wrong} to be mended.`),
    card: {
      headline: 'Installation check',
      summary: 'A card of Countersign’s self-test; it is removed at once.',
      label: 'Amount',
      quote: 'This is a quotation.',
      path: 'Path of approval',
      done: 'approved',
      next: 'waiting',
      why: 'because this is a test',
      note: 'If you can read this card, sending works. It is removed at once.',
      link: 'Open Countersign',
      button: 'Got it',
      delivered: (platform: string) => `${platform}: a card arrived and was removed again`,
      notDelivered: (platform: string, code: string) => ({
        what: `${platform}: the card cannot be sent (${code})`,
        mend: 'See what is said of this platform above; the account must be right and in the app’s range',
      }),
      notRemoved: (platform: string, code: string) => ({
        what: `${platform}: the card arrived, but cannot be removed (${code})`,
        mend: 'Nothing depends on it; please delete that card yourself',
      }),
      unknown: (account: string) => ({
        what: `${account}: of which platform is this account? Or that platform is not set up`,
        mend: 'Slack accounts begin with U, Feishu accounts with ou_',
      }),
    },
    database: {
      embedded: 'Database: no DATABASE_URL, the embedded Postgres will be used',
      well: (version: string, used: number, most: number) =>
        `Database: Postgres ${version}, may create tables, ${used} of ${most} connections in use, the clocks agree`,
      away: (code: string) => ({
        what: `Database: cannot be reached (${code})`,
        mend: 'Check host, user, password and database in DATABASE_URL, and that the server lets this machine in',
      }),
      old: (version: string) => ({
        what: `Database: Postgres ${version} is too old`,
        mend: 'Use version 14 or newer',
      }),
      rights: {
        what: 'Database: this user may not create tables',
        mend: 'Have the administrator run GRANT CREATE ON DATABASE … and GRANT CREATE ON SCHEMA public TO this user',
      },
      encoding: (encoding: string) => ({
        what: `Database: its encoding is ${encoding}, which cannot hold Chinese`,
        mend: 'Create the database anew with UTF8',
      }),
      crowded: (used: number, most: number) => ({
        what: `Database: it is running out of connections (${used} of ${most})`,
        mend: "Raise Postgres' max_connections, or end programs that are not needed",
      }),
      readOnly: {
        what: 'Database: read only (a standby?)',
        mend: 'DATABASE_URL must point to the primary server',
      },
      skew: (seconds: number) => ({
        what: `Database: its clock and ours differ by ${seconds} s`,
        mend: 'Switch on automatic time (NTP) on both',
      }),
    },
    address: {
      well: (url: string) => `Public address ${url}: leads to this program, seen from here`,
      noTls: {
        what: 'The public address is not https; the platforms send no callbacks to it',
        mend: 'Put a reverse proxy with a certificate in front, and write PUBLIC_URL with https://',
      },
      noName: (host: string) => ({
        what: `Public address: the name ${host} cannot be resolved`,
        mend: 'Add it to the DNS, or check PUBLIC_URL',
      }),
      certificate: (code: string) => ({
        what: `Public address: the certificate is wrong (${code}); platforms refuse to connect`,
        mend: 'Use one of a public authority, for this very name, not expired, with its intermediate certificates',
      }),
      refused: (code: string) => ({
        what: `Public address: cannot be reached (${code})`,
        mend: 'Start the program first (npm start); then look at the proxy, the firewall and the port',
      }),
      broken: (status: number) => ({
        what: `Public address: the proxy answers ${status}; the program behind it does not answer`,
        mend: 'Start the program first (npm start); then check where the proxy forwards to',
      }),
      notForwarded: (path: string, status: number) => ({
        what: `Public address: ${path} does not reach this program (HTTP ${status})`,
        mend: 'Have the proxy forward this path unchanged to this program',
      }),
    },
  },
});
