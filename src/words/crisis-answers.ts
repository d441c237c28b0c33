/** What whoever acts in a crisis is told: answers, refusals, lists. Each refusal says what to do instead. */
import { words } from './language.ts';

export const crisisAnswerWords = words({
  zh: {
    said: {
      raised: (number: string, names: string) =>
        names
          ? `已报警 ${number}，正在呼叫 ${names}，直到有人回应。请别走开，有新情况发 /fact。`
          : `已报警 ${number}，但没有人可以呼叫。请马上打电话给负责人。`,
      drill: (number: string, names: string) =>
        names
          ? `${number} 已开始，正在呼叫 ${names}。按真的来做，每张卡片都标明是演练。`
          : `${number} 已开始，但没有人可以呼叫。请告诉管理员检查手册里的定级人。`,
      graded: (number: string, grade: string, names: string) =>
        names
          ? `${number} 已定为${grade}，正在呼叫 ${names}，作战群马上建好。`
          : `${number} 已定为${grade}，作战群马上建好。`,
      regraded: (number: string, grade: string) => `${number} 现在是${grade}，大家都会收到通知。`,
      answered: (number: string) => `已记下：你处理 ${number}。请在聊天里打开态势卡。`,
      answeredAlarm: (number: string) => `已记下：你处理 ${number}。请在聊天里给它定级。`,
      back: '好的，马上找别人。你不用再管这次呼叫。',
      backCovered: '好的，已有别人在处理。你不用再管这次呼叫。',
      added: (name: string) => `正在呼叫 ${name}，并拉进作战群。`,
      seat: (seat: string) => `你是${seat}了，大家都看得到。`,
      seatGiven: (seat: string, name: string) => `${name} 现在是${seat}。`,
      fact: (time: string) => `已记入时间线，发生时间 ${time}。`,
      task: (name: string) => `已派给 ${name}，对方会收到通知。`,
      done: '任务已完成，派任务的人会收到通知。',
      contact: '已记入联络记录。',
      update: (due: string) => (due ? `已更新，群里都能看到。下次更新：${due} 前。` : '已更新，群里都能看到。'),
      go: '已恢复，暂停的单子会继续走。',
      noGo: '已记录：继续冻结。',
      stoodDown: (number: string) => `${number} 已解除。请接着登记善后。`,
      falseAlarm: (number: string) => `${number} 已按误报解除，被叫过的人都会收到通知。`,
      drillStopped: (number: string) => `${number} 已结束，被叫过的人都会收到通知。`,
      drillOver: (number: string) => `${number} 已结束，成绩已发到群里。`,
      aftercare: (number: string, name: string) => `已登记 ${number}，由 ${name} 负责，到期会提醒。`,
      cleared: (name: string) => `已恢复 ${name} 的先行支出额度。`,
      mending: '正在重新邀请，结果会写在态势卡上。',
      attached: (names: string, number: string) => `已把 ${names} 存为 ${number} 的证据。`,
      shown: (number: string) => `${number} 的态势卡已发到你的聊天里。`,
      nothingRings: '现在没有呼叫在等你回应，谢谢。',
      moreRings: (numbers: string) => `还有 ${numbers} 在呼叫你，请再回应一次。`,
      goToChat: '短信和电话里只能回应呼叫（回复 1）。其他的事请打开聊天软件，发 /crisis。',
    },
    refusals: {
      'no-book': '公司还没有写危机预案（handbook/crisis.yaml），这里不能报警。请直接打电话给负责人，并告诉管理员。',
      'unknown-kind': '手册里没有这一类危机。请重新打开表单，从列表里选。',
      'unknown-crisis': (number: string) =>
        number ? `没有 ${number}，请核对编号，或发 /crisis 看进行中的。` : '没有这起危机。发 /crisis 看进行中的。',
      'none-open': '没有你参与的、进行中的危机。要报警，请发 /crisis 和发生的事。',
      'crisis-over': (how: string) =>
        `这起危机已经解除（${how}），不能再改。事情又起来了，请用 /crisis 重新报警；补记用 /fact 加编号。`,
      'not-assessor': (names: string) => `只有定级人和团队能定级。请马上找 ${names || '你的上级'}。`,
      'not-yours-to-end': (names: string) =>
        `只有报警的人和定级人能解除警报，没有执行。请马上找 ${names || '你的上级'}。`,
      'same-grade': '级别、类型和涉及范围都没有变。要改请换一个，再提交。',
      'no-plan': (kind: string, grade: string) =>
        `手册里没有“${kind}”${grade}的预案。请先选别的级别，并告诉管理员补上。`,
      stale: '级别刚刚被改过，没有执行。请看最新的卡片再操作。',
      'not-member': '你不在这起危机的团队里，没有执行。请让团队里的人用 /crisis add 叫你加入。',
      'not-called': '这次呼叫叫的不是你，不用回应。要参与，请打开态势卡认领岗位。',
      'answered-already': '已经记下了，不用再按。请打开态势卡继续处理。',
      'nothing-to-answer': '现在没有呼叫在等你回应。',
      'unknown-person': '手册里没有这个人，或已离职。请换一位。',
      'member-already': (name: string) => `${name} 已经在团队里了。没有动静的话请直接打电话。`,
      'seat-yours-already': (name: string) => `这个岗位已经是 ${name} 的了。`,
      'not-lead': (name: string) =>
        name
          ? `这件事由总指挥 ${name}（或其上级）决定，请找 TA。`
          : '这件事由总指挥决定，还没有人认领。请先认领总指挥，或找定级人。',
      'seat-held': (name: string) => `这个岗位现在是 ${name}。请 TA 或总指挥用“指派岗位”交给你。`,
      'not-drill-leader': (names: string) => `演练会呼叫整个团队，由定级人或管理员发起。请找 ${names || '你的上级'}。`,
      'too-many-alarms': '你已有三个警报等待定级，先不能再报。请在已有的警报里用 /fact 补充；紧急请直接打电话。',
      'unknown-task': '没有这项任务，可能卡片旧了。请发 /crisis 打开新的态势卡。',
      'task-done-already': '这项任务已经完成了，不用再点，谢谢。',
      'not-frozen': '现在没有冻结，不用恢复。',
      'nothing-to-mend': '该进群的人都在，不用补邀。',
      'not-over': '危机还没有解除，先点“解除危机”，再登记善后。',
      'no-suspension': '这个人的额度没有停用，不用恢复。',
      future: '这个时间还没到，没有记下。如果是昨天的事，请写“昨天 23:10”。',
      'unknown-scenario': '手册里没有这个演练场景。发 /crisis drill 看有哪些。',
      'drill-open': (number: string) => `演练 ${number} 还没结束。请先在它的卡片上结束，再开始新的。`,
      'not-graded': '还没有定级。先定级再解除；如果是误报，请选“误报”。',
      'freeze-on': '还有费用被冻结。请先点“决定冻结去留”恢复审批，再解除。',
      'not-yours': '这起危机与你无关，不能查看。需要参与，请让团队里的人叫你加入。',
      'nothing-to-do': '没有需要做的事，卡片已是最新。',
      'which-long': (examples: string) => `你参与了几起危机。请写明编号再发一次，例如 ${examples}`,
      unreadable: '这个操作看不懂，没有生效。请发 /crisis 打开新的卡片。',
      other: '没有完成。请发 /crisis 打开新的卡片再试；紧急的事请直接打电话。',
    },
    list: {
      title: '危机',
      none: '现在没有进行中的危机。',
      noneOfYours: '没有你参与的、进行中的危机。',
      elsewhere: (count: number, list: string) => `另有 ${count} 起正在处理：${list}`,
      how: '报警：发 /crisis 和发生的事，例如 /crisis 顾客在直播间投诉产品起火',
      more: '/fact 10:05 客服确认三起　记事实\n/crisis task @李娜 联系客服　派任务\n/crisis update　更新态势\n/crisis add @孙律　叫人加入\n/crisis contact　记对外联络\n/crisis stand-down　解除\n/crisis debrief　复盘报告\n/crisis drill　演练；/crisis drills　演练对比',
      recent: '最近解除的',
      which: '是哪一起？请点一个。',
      pick: (number: string, text: string) => `${number} ${text}`,
      rings: '正在呼叫你，请马上点“收到”。',
      scenarios: '选一个场景',
      noScenarios: '手册里还没有演练场景，请管理员写进 crisis.yaml 的 drills。',
      scenario: (title: string, grade: string) => `${title}（${grade}）`,
    },
  },
  en: {
    said: {
      raised: (number: string, names: string) =>
        names
          ? `${number} is raised. Being called until somebody answers: ${names}. Stay near, and add what is new with /fact.`
          : `${number} is raised, but nobody can be called. Ring whoever is in charge now.`,
      drill: (number: string, names: string) =>
        names
          ? `${number} has begun; being called: ${names}. Act as if it were real; every card says that it is a drill.`
          : `${number} has begun, but nobody can be called. Tell the administrator to check the assessors of the handbook.`,
      graded: (number: string, grade: string, names: string) =>
        `${number} is graded ${grade.toLowerCase()}; the room is being opened${names ? `, and these are being called: ${names}` : ''}.`,
      regraded: (number: string, grade: string) => `${number} is ${grade.toLowerCase()} now; everybody is told.`,
      answered: (number: string) => `Noted: you have ${number}. Open the situation in your chat.`,
      answeredAlarm: (number: string) => `Noted: you have ${number}. Please grade it in your chat.`,
      back: 'All right, somebody else is being called. This call needs nothing more from you.',
      backCovered: 'All right, somebody else is at it already. This call needs nothing more from you.',
      added: (name: string) => `${name} is being called and invited to the room.`,
      seat: (seat: string) => `The role is yours: ${seat.toLowerCase()}. Everybody sees it.`,
      seatGiven: (seat: string, name: string) => `${name} has the role now: ${seat.toLowerCase()}.`,
      fact: (time: string) => `Noted in the timeline as of ${time}.`,
      task: (name: string) => `${name} has the task and is told.`,
      done: 'The task is done; whoever gave it is told.',
      contact: 'Logged.',
      update: (due: string) => `Updated for everybody.${due ? ` The next update is due before ${due}.` : ''}`,
      go: 'Go: what was held continues.',
      noGo: 'No-go is recorded: it stays held.',
      stoodDown: (number: string) => `${number} is stood down. Please order its aftercare now.`,
      falseAlarm: (number: string) => `${number} is ended as a false alarm; everybody who was called is told.`,
      drillStopped: (number: string) => `${number} is over; everybody who was called is told.`,
      drillOver: (number: string) => `${number} is over; its result stands in the room.`,
      aftercare: (number: string, name: string) => `${number} is ordered; ${name} owns it and is reminded.`,
      cleared: (name: string) => `The cap of ${name} is restored.`,
      mending: 'They are being invited again; the situation card shows the outcome.',
      attached: (names: string, number: string) => `${names} was kept as evidence of ${number}.`,
      shown: (number: string) => `${number} stands in your chat now.`,
      nothingRings: 'No call waits for your answer now, thank you.',
      moreRings: (numbers: string) => `${numbers} still calls you; please answer once more.`,
      goToChat:
        'By text message and phone you can only answer a call (reply 1). For all else open your chat and send /crisis.',
    },
    refusals: {
      'no-book':
        'The company has no crisis plans yet (handbook/crisis.yaml), so no alarm can be raised here. Ring whoever is in charge, and tell the administrator.',
      'unknown-kind': 'The handbook has no such kind. Open the form again and choose one of the list.',
      'unknown-crisis': (number: string) =>
        `There is no ${number || 'such crisis'}. Check the number, or send /crisis to see what is open.`,
      'none-open': 'You are part of no open crisis. To raise an alarm, send /crisis with what happened.',
      'crisis-over': (how: string) =>
        `It is stood down (${how}) and cannot be changed. If it flares up again, raise a new one with /crisis; add to the record with /fact and its number.`,
      'not-assessor': (names: string) =>
        `Only assessors and the team can grade it. Reach ${names || 'your superior'} now.`,
      'not-yours-to-end': (names: string) =>
        `Only whoever raised it and the assessors can end an alarm, so nothing was done. Reach ${names || 'your superior'} now.`,
      'same-grade': 'Grade, kind and what is affected stay the same. Change one of them and send again.',
      'no-plan': (kind: string, grade: string) =>
        `The handbook has no ${grade.toLowerCase()} plan for “${kind}”. Choose another grade for now, and tell the administrator.`,
      stale: 'The grade has just been changed, so nothing was done. Please look at the current card.',
      'not-member':
        'You are not of this team, so nothing was done. Ask somebody of it to send /crisis add with your name.',
      'not-called': 'This call is not for you. To take part, open the situation and take a role.',
      'answered-already': 'This is noted already. Open the situation and go on.',
      'nothing-to-answer': 'No call waits for your answer now.',
      'unknown-person': 'The handbook does not know this person, or they have left. Choose somebody else.',
      'member-already': (name: string) => `${name} is of the team already. If nothing is heard, ring them yourself.`,
      'seat-yours-already': (name: string) => `${name} has this role already.`,
      'not-lead': (name: string) =>
        name
          ? `This is for the lead, ${name}, or those above to decide. Please ask them.`
          : 'This is for the lead to decide, and nobody leads yet. Take the lead first, or ask an assessor.',
      'seat-held': (name: string) => `${name} has this role now. Ask them or the lead to hand it to you.`,
      'not-drill-leader': (names: string) =>
        `A drill calls the whole team: an assessor or an administrator starts it. Ask ${names || 'your superior'}.`,
      'too-many-alarms':
        'Three alarms of yours wait to be graded already. Add to them with /fact; if it cannot wait, ring somebody.',
      'unknown-task': 'There is no such task; the card may be old. Send /crisis for a new one.',
      'task-done-already': 'This task is done already; there is nothing left to press, thank you.',
      'not-frozen': 'Nothing is frozen, so there is nothing to resume.',
      'nothing-to-mend': 'Everybody is in the rooms already.',
      'not-over': 'It is not stood down yet: stand it down first, then order aftercare.',
      'no-suspension': 'This cap is not suspended, so there is nothing to restore.',
      future: 'This time is still to come, so nothing was noted. If it was yesterday, write “yesterday 23:10”.',
      'unknown-scenario': 'The handbook has no such scenario. Send /crisis drill to see them.',
      'drill-open': (number: string) => `Drill ${number} is still going on. End it on its card first.`,
      'not-graded': 'It is not graded yet. Grade it first, or choose “false alarm”.',
      'freeze-on': 'Spend is still frozen. Press “Freeze: go / no-go” first, then stand down.',
      'not-yours': 'This crisis is not yours to see. To take part, ask somebody of the team to call you in.',
      'nothing-to-do': 'There is nothing to do; the card is up to date.',
      'which-long': (examples: string) =>
        `You are part of several. Send it again with its number, for example ${examples}`,
      unreadable: 'This could not be understood and did nothing. Send /crisis for a new card.',
      other: 'It was not completed. Send /crisis for a new card; if it is urgent, use the phone.',
    },
    list: {
      title: 'Crises',
      none: 'No crisis is open.',
      noneOfYours: 'You are part of no open crisis.',
      elsewhere: (count: number, list: string) => `Being handled by others (${count}): ${list}`,
      how: 'To raise an alarm send /crisis and what happened, for example /crisis a customer reports a fire live on air',
      more: '/fact 10:05 three cases confirmed: notes a fact\n/crisis task @Li call the hotline: gives a task\n/crisis update: updates the situation\n/crisis add @Sun: calls somebody in\n/crisis contact: notes a contact outside\n/crisis stand-down: stands it down\n/crisis debrief: the debrief\n/crisis drill: a drill; /crisis drills: drills compared',
      recent: 'Stood down lately',
      which: 'Which one? Press it.',
      pick: (number: string, text: string) => `${number} ${text}`,
      rings: 'It is calling you; press “I have it” now.',
      scenarios: 'choose a scenario',
      noScenarios: 'The handbook has no drill scenarios; the administrator writes them under drills in crisis.yaml.',
      scenario: (title: string, grade: string) => `${title} (${grade})`,
    },
  },
});
