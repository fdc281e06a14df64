"""Which stored articles report the same event as a new one: an in-memory index over a sliding time window."""

from math import exp
from handlers.stories.senses import are_opposite
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from handlers.stories.centroid import IndexedArticle
from handlers.stories.clusters import Clusters
from handlers.stories.features import Features, decode_features
P = {"own_parts": True, "a": 0.0, "k": 0.5, "nn": 1,"nn_s":.7,"nn_x":.9,"both":.34, "merge_h": .32, "merge_t": .8, "hl":0.155, "tx":0.29, "lg":0.21, "opp":1,"lead":1,"kc":1.0,"kl":1.0,"l0":150,"l1":400,"nlead":6, "ident":1}
from handlers.stories.evidence import parts, same_news_of_one_outlet, Side
from handlers.stories.near_duplicates import is_near_duplicate
from handlers.stories.postings import PostingLists
from handlers.stories.series import are_issues_of_one_series
from handlers.stories.term_statistics import TermStatistics
from handlers.stories.thresholds import merge_threshold, same_event_threshold, shared_terms_factor


@dataclass(frozen=True, slots=True, kw_only=True)
class SimilarArticle:
    """A stored article that reports the same event."""

    article_id: int
    story_id: int | None
    workspace_id: int
    score: float
    """0 to 1."""
    is_near_duplicate: bool


class _Query(NamedTuple):
    features: Features
    vector: dict[int, float]
    at: datetime
    workspace_ids: frozenset[int] | None
    outlet: int | None


class _Candidate(NamedTuple):
    article: IndexedArticle
    similarity: float


class StoryIndex:
    """The articles of the last `window` by their features. Not thread-safe: its owner serializes the calls.

    Times are publication times and never later than the article's arrival. The same calls in the same order give the
    same results.
    """

    def __init__(self, window: timedelta = timedelta(hours=72)) -> None:
        self._window = window
        self._articles: dict[int, IndexedArticle] = {}
        self._workspaces: Counter[int] = Counter()
        self._postings = PostingLists()
        self._statistics = TermStatistics()
        self._clusters = Clusters(self._statistics)
        self._removed = 0
        """Articles removed since the posting lists were built."""
        self.last_id = 0
        """The highest article id ever added: later articles of the database are not in the index yet."""

    def __len__(self) -> int:
        return len(self._articles)

    def __contains__(self, article_id: int) -> bool:
        return article_id in self._articles

    def has_only(self, workspace_id: int) -> bool:
        """Return whether every article in the window belongs to this workspace."""
        return self._workspaces[workspace_id] == len(self._articles)

    def add(self, *, article_id: int, story_id: int | None, workspace_id: int, at: datetime, features: bytes, outlet: int | None = None) -> None:
        """Add an article. Adding the same id again replaces its features, time, workspace and story."""
        if article_id in self._articles:
            self._remove(article_id)
        decoded = decode_features(features)
        vector = self._statistics.vector(decoded)
        article = IndexedArticle(article_id, story_id, workspace_id, outlet, at, decoded, vector)
        self._articles[article_id] = article
        self._workspaces[workspace_id] += 1
        self.last_id = max(self.last_id, article_id)
        self._postings.add(article_id, vector)
        self._clusters.add(article)

    def similar(
        self, features: bytes, *, at: datetime, workspace_ids: frozenset[int] | None, outlet: int | None = None
    ) -> tuple[SimilarArticle, ...]:
        """Return the articles that report the same event, best match first.

        `at` is the publication time of the new article. `workspace_ids` limits the search; None searches all
        workspaces.
        """
        decoded = decode_features(features)
        query = _Query(decoded, self._statistics.vector(decoded), at, workspace_ids, outlet)
        by_story: defaultdict[int, list[_Candidate]] = defaultdict(list)
        for article_id in self._postings.candidates(query.vector, lambda id: self._is_in_reach(id, query)):
            article = self._articles[article_id]
            shared_terms = query.vector.keys() & article.vector.keys()
            similarity = sum([query.vector[term] * article.vector[term] for term in shared_terms])
            story_id = -article_id if article.story_id is None else article.story_id
            by_story[story_id].append(_Candidate(article, similarity))
        similar = []
        for story_id, candidates in by_story.items():
            similar += self._judge(query, story_id, candidates)
        similar.sort(key=lambda found: (-found.score, found.article_id))
        return tuple(similar)

    def stories_to_merge(
        self, similar: Sequence[SimilarArticle], features: bytes, *, workspace_id: int
    ) -> tuple[int, ...]:
        """Return the stories that an article shows to be one, oldest first; empty unless there are at least two.

        `similar` is the result of `similar` for the article. Only articles of `workspace_id` are compared, so that
        private reports never merge stories that others see.
        """
        stories = [found.story_id for found in similar if found.workspace_id == workspace_id and found.story_id]
        return self._clusters.same_as_first(stories, workspace_id, merge_threshold(decode_features(features)))

    def move(self, from_story: int, to_story: int) -> None:
        """Assign every article of one story to another."""
        self._clusters.move(from_story, to_story)

    def prune(self, now: datetime) -> None:
        """Remove the articles that are older than the window."""
        horizon = now - self._window
        old = [article_id for article_id, article in self._articles.items() if article.at < horizon]
        for article_id in old:
            self._remove(article_id)
        if self._removed * 4 > len(self._articles):
            self._rebuild_postings()

    def _is_in_reach(self, article_id: int, query: _Query) -> bool:
        article = self._articles.get(article_id)
        return (
            article is not None
            and (query.workspace_ids is None or article.workspace_id in query.workspace_ids)
            and abs(article.at - query.at) <= self._window
        )

    def _judge(self, query: _Query, story_id: int, candidates: list[_Candidate]) -> list[SimilarArticle]:
        """Return the candidates of one story that report the same event.

        These are all of them if the story as a whole is similar enough, else only near-duplicates. A negative
        `story_id` is that of an article without a story.
        """
        own = [c for c in candidates if query.outlet is not None and c.article.outlet == query.outlet]
        if own:
            strong = [c for c in own if same_news_of_one_outlet(Side(query.features, query.vector), Side(c.article.features, c.article.vector), self._statistics.rarity, apart=abs(c.article.at - query.at))]
            others = [c for c in candidates if c.article.outlet != query.outlet]
            if not strong:
                if not others or P.get("own_blocks"):
                    return []
                if any(parts(query.features, c.article.features, self._statistics.rarity) for c in own) and P.get("own_parts"): return []
                candidates = others
            else:
                return [SimilarArticle(article_id=c.article.article_id, story_id=c.article.story_id, workspace_id=c.article.workspace_id, score=1.0, is_near_duplicate=is_near_duplicate(query.features, c.article.features)) for c in strong]
        best = max(candidates, key=lambda candidate: candidate.similarity)
        closest = best.article.features
        duplicates = {
            candidate.article.article_id
            for candidate in candidates
            if is_near_duplicate(query.features, candidate.article.features)
        }
        has_story = story_id > 0
        similarity = (
            self._clusters.similarity(story_id, query.vector, query.workspace_ids) if has_story else best.similarity
        )
        similarity = similarity ** (1 - P["a"]) * best.similarity ** P["a"]
        rarity = self._statistics.rarity
        # The threshold is lowest for articles of the same time. Most candidates fail even that, at little cost.
        is_same_event = similarity >= same_event_threshold(query.features, closest, timedelta(), P)
        if is_same_event:
            distance = abs(best.article.at - query.at)
            apart = self._clusters.mean_distance(story_id, query.at, query.workspace_ids) if has_story else distance
            is_single = not has_story or self._clusters.is_single(story_id)
            similarity *= shared_terms_factor(query.features, closest, rarity, is_single=is_single)
            if P["k"] or P["nn"]:
                similarity *= self._names(query, candidates)
            is_same_event = similarity >= same_event_threshold(
                query.features, closest, apart, P
            ) and not are_issues_of_one_series(query.features, closest, apart=distance)
            if is_same_event and P["opp"]:
                is_same_event = not are_opposite(query.features.senses.title, closest.senses.title, is_one_outlet=False)
            if is_same_event and P["ident"]:
                x={t.hash for t in query.features.terms if t.is_identifier}; y={t.hash for t in closest.terms if t.is_identifier}
                is_same_event = not (x-y and y-x)
        return [
            SimilarArticle(
                article_id=candidate.article.article_id,
                story_id=candidate.article.story_id,
                workspace_id=candidate.article.workspace_id,
                score=round(1.0 if is_duplicate else min(0.99, (similarity + candidate.similarity) / 2), 4),
                is_near_duplicate=is_duplicate,
            )
            for candidate in candidates
            if (is_duplicate := candidate.article.article_id in duplicates) or is_same_event
        ]

    def _names(self, query, candidates):
        rarity=self._statistics.rarity
        top=sorted(candidates,key=lambda c:-c.similarity)[:5]
        known=set()
        for c in top: known|=c.article.vector.keys()
        qn=[t for t in query.features.terms if t.is_name and (t.in_title or t.in_lead)]
        cnt={}
        for c in top:
            for t in c.article.features.terms:
                if t.is_name and (t.in_title or t.in_lead): cnt.setdefault(t.hash,[t,0])[1]+=1
        rq=[(rarity(t),t.hash in known) for t in qn]
        rs=[(rarity(t),t.hash in query.vector, 2*n>=len(top)) for t,n in cnt.values()]
        if P["nn"] and max([r for r,k in rq if k],default=0)<P["nn_s"] and max([r for r,k in rq if not k],default=0)>P["nn_x"] and max([r for r,k,m in rs if not k],default=0)>P["nn_x"]: return 0
        qa=sum(r for r,k in rq); qx=sum(r for r,k in rq if not k)
        sa=sum(r for r,k,m in rs if m); sx=sum(r for r,k,m in rs if m and not k)
        sh=min(query.features.shingles,top[0].article.features.shingles)
        kk=P["k"]*(1-P["kl"]*min(max((sh-P["l0"])/(P["l1"]-P["l0"]),0),1))
        return exp(-kk*min(qx/(qa+P["kc"]),sx/(sa+P["kc"])))

    def grown(self, story_id, features, at, workspace_id):
        """EXPERIMENT: other stories that are the same as the story by centroid"""
        decoded=decode_features(features); vector=self._statistics.vector(decoded)
        q=_Query(decoded,vector,at,frozenset({workspace_id}),None)
        stories={}
        for a in self._postings.candidates(vector, lambda i:self._is_in_reach(i,q)):
            s=self._articles[a].story_id
            if s and s!=story_id: stories[s]=1
        cen=self._clusters._centroids
        me=cen.get(story_id,{}).get(workspace_id)
        out=[]
        if me is None: return out
        short=max(x.features.shingles for x in me.articles)
        mo={x.outlet for x in me.articles if x.outlet is not None}
        for s in stories:
            o=cen.get(s,{}).get(workspace_id)
            if o is None: continue
            sim=me.cosine_similarity_to(o)
            sh=max(short,max(x.features.shingles for x in o.articles))
            t=P["merge_h"]+(P["merge_t"]-P["merge_h"])*min(max((sh-20)/(80-20),0),1)
            if sim>=t:
                oo={x.outlet for x in o.articles if x.outlet is not None}
                if len(mo&oo)>P["both"]*min(len(me.articles),len(o.articles)): continue
                out.append((sim,s))
        return [s for _,s in sorted(out,reverse=True)]

    def _remove(self, article_id: int) -> None:
        article = self._articles.pop(article_id)
        self._clusters.remove(article)
        self._workspaces[article.workspace_id] -= 1
        self._removed += 1

    def _rebuild_postings(self) -> None:
        self._removed = 0
        self._postings = PostingLists()
        for article in self._articles.values():
            self._postings.add(article.article_id, article.vector)
