"""Many sites, for years: what is due of them is crawled, beside each other, by child processes.

settings/watch.toml -> chosen.py -> Chosen sites
store/due.py -> what is due, and when next -> plan.py (pure: who is begun, in which process) -> crew.py -> worker.py (a few crawls)
                                    watcher.py <- what came of them <------------------------------+
                                       | -> view.py (the terminal, or lines for a log), heartbeat.py
"""
