"""Who works on a request: one thread as long as it keeps up, the others when somebody waits."""

import threading
import time
from typing import Any

from waitress.task import ThreadedTaskDispatcher

FIRST = 0
PATIENCE_SECONDS = 0.1


class Turns(ThreadedTaskDispatcher):
    """Threads that each have a page in hand take the interpreter, which runs one of them at a
    time, and the processor's caches from each other: a fifth of what a page costs. So the first
    thread works alone, with a connection to the database that is warm, and another steps in for a
    request that has waited for `PATIENCE_SECONDS`: then the first is hashing a password, or waits
    for its turn to write, or for a database that is far away.
    """

    def __init__(self) -> None:
        super().__init__()
        self.others_cv = threading.Condition(self.lock)
        self.is_watched = False
        """Whether one of the others looks how long requests have waited."""

    def add_task(self, task: Any) -> None:
        with self.lock:
            task.waits_until = time.monotonic() + PATIENCE_SECONDS
            self.queue.append(task)
            self.queue_cv.notify()
            if not self.is_watched:
                self.others_cv.notify()

    def set_thread_count(self, count: int) -> None:
        super().set_thread_count(count)
        with self.lock:
            self.others_cv.notify_all()

    def handler_thread(self, thread_no: int) -> None:
        while True:
            with self.lock:
                task = self._first_task() if thread_no == FIRST else self._task_that_waited()
                if task is None:
                    self.stop_count -= 1
                    self.threads.discard(thread_no)
                    self.thread_exit_cv.notify()
                    return
            try:
                task.service()
            except BaseException:
                self.logger.exception("Exception when servicing %r", task)

    def _first_task(self) -> Any:
        """The next request, as soon as there is one; None when it is time to stop."""
        while not self.stop_count:
            if self.queue:
                return self.queue.popleft()
            self.queue_cv.wait()
        return None

    def _task_that_waited(self) -> Any:
        """The next request that nobody took in time; None when it is time to stop."""
        while not self.stop_count:
            left = self.queue[0].waits_until - time.monotonic() if self.queue else None
            if left is not None and left <= 0:
                task = self.queue.popleft()
                self.others_cv.notify()  # to watch on
                return task
            if left is None or self.is_watched:
                self.others_cv.wait()
                continue
            self.is_watched = True
            self.others_cv.wait(left)
            self.is_watched = False
        return None
