import { LOOK_STORIES } from "./look-stories.ts";
import { BAD_STORIES } from "./bad-stories.ts";
import { GOOD_STORIES } from "./good-stories.ts";
import type { HttpStory } from "./story.ts";

export const STORIES: readonly HttpStory[] = [...GOOD_STORIES, ...BAD_STORIES, ...LOOK_STORIES];
