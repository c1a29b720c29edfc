/** Owns how the story of a conversation looks: each message from its arrival to the last try to deliver the answer, newest at the end, failures loud. */
import { type ReactNode, useState } from 'react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { type ApiError, ask } from '../../api/client.ts';
import { Badge } from '../../components/badge.tsx';
import { Section } from '../../components/section.tsx';
import { Failure, Loading, Nothing } from '../../components/states.tsx';
import { When } from '../../components/when.tsx';
import { useTexts } from '../../language/use-texts.ts';
import { StepRow } from './story-step.tsx';
import { type Episode, episodesOf, stateWord, type Story } from './timeline.ts';

const TURNS = 20;

/** The last turns, and those before them as far as they were asked for; oldest first. */
function useStory(id: string) {
  return useInfiniteQuery<Story, ApiError, Story[], readonly unknown[], string | undefined>({
    queryKey: ['GET /conversations/{id}/story', { params: { id } }],
    queryFn: ({ signal, pageParam }) =>
      ask(
        'GET /conversations/{id}/story',
        { params: { id }, query: { turns: TURNS, ...(pageParam === undefined ? {} : { before: pageParam }) } },
        signal,
      ),
    initialPageParam: undefined,
    getNextPageParam: ({ has_earlier: hasEarlier, turns }) => (hasEarlier ? turns[0]?.id : undefined),
    select: ({ pages }) => pages.toReversed(),
  });
}

export function StoryOf({ id }: { readonly id: string }): ReactNode {
  const { conversations } = useTexts();
  const story = useStory(id);
  if (story.data === undefined)
    return story.error === null ? <Loading /> : <Failure error={story.error} onRetry={() => void story.refetch()} />;
  const episodes = story.data.flatMap(episodesOf);
  return (
    <Section title={conversations.story}>
      {story.hasNextPage ? (
        <button type="button" disabled={story.isFetchingNextPage} onClick={() => void story.fetchNextPage()}>
          {conversations.earlier}
        </button>
      ) : null}
      {episodes.length === 0 ? <Nothing>{conversations.noStory}</Nothing> : null}
      {episodes.map((episode, at) => (
        <EpisodeRow key={episode.key} episode={episode} isOpen={episode.isBad || at === episodes.length - 1} />
      ))}
    </Section>
  );
}

function EpisodeRow({ episode, isOpen }: { readonly episode: Episode; readonly isOpen: boolean }): ReactNode {
  const { conversations } = useTexts();
  const [wasOpened, setOpened] = useState(isOpen);
  const { turn, steps, isBad } = episode;
  const said = steps.find((step) => step.kind === 'arrival');
  const ended = turn?.is_abandoned === true ? 'abandoned' : turn?.state;
  // The turn may be done and its answer not delivered: what failed is what is told.
  const state = isBad && ended === 'done' ? 'failed' : ended;
  return (
    <details className={isBad ? 'story-episode bad' : 'story-episode'} open={isOpen} onToggle={() => setOpened(true)}>
      <summary>
        <span className="story-said">{said?.kind === 'arrival' ? said.text : conversations.steps.delivery}</span>{' '}
        {state === undefined ? null : (
          <Badge tone={isBad ? 'bad' : state === 'running' ? 'info' : 'good'}>
            {stateWord(conversations.states, state)}
          </Badge>
        )}{' '}
        <span className="quiet">
          <When at={episode.at} />
        </span>
      </summary>
      {wasOpened ? (
        <>
          <ol className="story">
            {steps.map((step) => (
              <StepRow key={step.key} step={step} />
            ))}
          </ol>
          {turn === undefined ? null : (
            <p className="quiet story-id">
              {conversations.id}: <code>{turn.id}</code>
            </p>
          )}
        </>
      ) : null}
    </details>
  );
}
