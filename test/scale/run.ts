import { simulate } from "./simulation.ts";
import { figures } from "./table.ts";

/** Masks and groups are for runners: nothing of the jobs is printed, only what they needed. */
const print = process.stdout.write.bind(process.stdout);
process.stdout.write = () => true;

const STORIES = [
  {
    scenario: { touched: 3, hours: 3, githubLimit: 1_000 },
    hours: [
      {
        title: "One merge changes all 30 services, the next five 3 each; the jobs' own token",
        from: 0,
        to: 1,
      },
      { title: "Every merge changes 3 of 30 services; the jobs' own token", from: 1, to: 3 },
    ],
  },
  {
    scenario: { touched: 30, hours: 1, githubLimit: 15_000 },
    hours: [{ title: "Every merge changes all 30 services; Enterprise Cloud", from: 0, to: 1 }],
  },
];

print(
  "30 services of one repository, a merge every 10 minutes, looks as examples/monorepo schedules them.\n",
);
for (const { scenario, hours } of STORIES) {
  const measured = await simulate(scenario);
  for (const { title, from, to } of hours) print(`\n## ${title}\n\n${figures(measured, { from, to })}\n`);
  if (measured.violations.length > 0) {
    print(`\nRules of the platforms were broken: ${measured.violations.slice(0, 5).join("; ")}\n`);
    process.exitCode = 1;
  }
}
