/** Owns the English texts of the page of tasks. */
export const englishTasks = {
  tasks: {
    create: 'New task',
    schedule: 'Schedule',
    next: 'Next run',
    prompt: 'What to do',
    type: 'Kind of schedule',
    scheduleValue: 'When (cron, 90m, or ISO date)',
    zone: 'Time zone',
    misfire: 'When a moment was missed',
    pause: 'Pause',
    resume: 'Go on',
    cancel: 'Cancel',
    runNow: 'Run now',
    ledger: 'What became of each moment',
    due: 'Due',
    preview: 'Next times',
    cancelQuestion: 'Cancel this task for good?',
  },
} as const;
