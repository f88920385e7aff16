// axe-core looks at a page as WCAG 2.2 AA does.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import fs from 'node:fs';

const axe = fs.readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

// The page's own policy forbids foreign scripts: axe comes in through the debugger, which it does not bind.
export async function assertAccessible(page, name) {
    await page.evaluate(axe);
    const { violations } = await page.evaluate(() => window.axe.run(document, {
        runOnly: { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] },
    }));
    const serious = violations.filter((v) => ['serious', 'critical'].includes(v.impact));
    const told = serious.map((v) => `${v.id}: ${v.help}\n  ${v.nodes.map((n) => n.html).join('\n  ')}`).join('\n');
    assert.equal(serious.length, 0, `${name}:\n${told}`);
}
